"""The studio: sketches, jobs and pictures over HTTP. See docs/api.md."""
