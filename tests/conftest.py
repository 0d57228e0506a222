"""Settings for all tests."""

from hypothesis import settings

# A busy machine must not fail a test: examples have no time limit of their own.
settings.register_profile("inkwash", deadline=None)
settings.load_profile("inkwash")
