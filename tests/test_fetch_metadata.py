"""Metadata of boorus: layouts, broken rows, filters."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkwash.data.fetch import DROPPED_TAGS, BadRow, FetchConfig, Post, fetch, read_posts
from inkwash.data.fetch.post import why_unwanted
from inkwash.errors import BadData

HEADER = "id,created_at,rating,score,sample_url,sample_width,sample_height,preview_url,tags"
ROW = '7,2016-01-02,s,3,//img.example/samples/7.jpg,850,1200,//img.example/p/7.jpg,"1girl smile"'


def read(path: Path, text: str | bytes, **settings) -> tuple[list[Post], list[BadRow]]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    bad: list[BadRow] = []
    return list(read_posts(path, FetchConfig(**settings), bad.append)), bad


def test_safebooru_csv(tmp_path):
    [post], bad = read(tmp_path / "all_data.csv", f"{HEADER}\n{ROW}\n")
    assert bad == []
    assert post == Post(
        name="7",
        url="https://img.example/samples/7.jpg",
        rating="safe",
        score=3,
        width=850,
        height=1200,
        tags=frozenset({"1girl", "smile"}),
        group="7",
    )


def test_a_byte_order_mark_and_windows_line_ends(tmp_path):
    text = f"\ufeff{HEADER}\r\n{ROW}\r\n"
    posts, bad = read(tmp_path / "all_data.csv", text)
    assert (len(posts), bad) == (1, [])


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("7,2016,s", "has 3 fields, the header 9"),
        (ROW.replace("7,", "seven,", 1), "id 'seven' is not a number"),
        (ROW.replace("//img.example/samples/7.jpg", ""), "is not a URL of http"),
        (ROW.replace("//img.example/samples/7.jpg", "file:///etc/passwd"), "is not a URL of http"),
        (ROW.replace('"1girl smile"', '"1girl smile'), "unexpected end of data"),
        (ROW.replace("850", "wide"), "could not convert"),
        (ROW.replace("850", "inf"), "cannot convert"),
        (ROW.encode().replace(b"smile", b"\xff\xfe"), "is not UTF-8"),
        ("x" * 200_000, "field larger than field limit"),
    ],
)
def test_a_broken_row_is_named_and_skipped(tmp_path, row, says):
    broken = row if isinstance(row, bytes) else row.encode()
    text = b"\n".join([HEADER.encode(), ROW.encode(), broken, ROW.encode(), b""])
    posts, [bad] = read(tmp_path / "all_data.csv", text)
    assert [post.name for post in posts] == ["7", "7"]
    assert bad.line == 3
    assert says in bad.reason


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"number,picture\n1,a.png\n",
        f"{HEADER}\n{ROW}".encode("utf-16"),
        b"\x89PNG\r\n",
    ],
)
def test_a_file_that_is_no_metadata_is_refused(tmp_path, text):
    with pytest.raises(BadData, match=r"is empty; give|accepted are a CSV with the columns id,"):
        read(tmp_path / "all_data.csv", text)


def danbooru_row(**changes) -> str:
    row = {
        "id": "1234567",
        "rating": "s",
        "score": "5",
        "md5": "abc",
        "file_ext": "png",
        "image_width": "800",
        "image_height": "900",
        "source": "https://artist.example/1",
        "file_url": "https://img.example/full.png",
        "large_file_url": "https://img.example/sample.jpg",
        "tags": [
            {"id": "1", "name": "1girl", "category": "0"},
            {"id": "2", "name": "some_artist", "category": "1"},
        ],
    }
    return json.dumps({**row, **changes})


def test_danbooru_lines(tmp_path):
    [post], _ = read(tmp_path / "2021.json", danbooru_row())
    assert (post.name, post.rating, post.author, post.group) == (
        "1234567",
        "safe",
        "some_artist",
        "some_artist",
    )
    assert post.url == "https://img.example/sample.jpg"
    assert (post.width, post.height, post.tags) == (800, 900, {"1girl", "some_artist"})
    [full], _ = read(tmp_path / "2021.json", danbooru_row(), original=True)
    assert full.url == "https://img.example/full.png"


def test_danbooru_without_urls_needs_a_template(tmp_path):
    row = danbooru_row(file_url=None, large_file_url=None)
    posts, [bad] = read(tmp_path / "2018.json", row)
    assert posts == []
    assert "--url-template" in bad.reason
    template = "https://mirror.example/{bucket}/{id}.{ext}"
    [post], _ = read(tmp_path / "2018.json", row, url_template=template)
    assert post.url == "https://mirror.example/0567/1234567.png"


def test_the_api_means_sensitive_by_s(tmp_path):
    api = {"tags": None, "tag_string": "1girl hat", "tag_string_artist": "", "parent_id": 12}
    [post], _ = read(tmp_path / "posts.json", danbooru_row(**api))
    assert (post.rating, post.group) == ("sensitive", "12")
    [post], _ = read(tmp_path / "posts.json", danbooru_row(**api, rating="g"))
    assert (post.rating, post.tags) == ("safe", {"1girl", "hat"})


def test_broken_json_is_named(tmp_path):
    text = "\n".join([danbooru_row(), '{"id": 3', '{"id": 4}', '{"id": 5, "tags": 7}'])
    posts, bad = read(tmp_path / "2021.json", text)
    assert len(posts) == 1
    assert [(row.line, row.reason.split(":")[0]) for row in bad] == [
        (2, "is not JSON"),
        (3, "has no tag_string"),
        (4, "has no tag_string"),
    ]


def test_half_a_character_is_named(tmp_path):
    artist = [{"id": "2", "name": "\ud83d", "category": "1"}]
    changes = (
        {"tags": artist},
        {"source": "\ud83d"},
        {"large_file_url": "https://a.example/\ud83d"},
    )
    posts, bad = read(tmp_path / "2021.json", "\n".join(danbooru_row(**c) for c in changes))
    assert posts == []
    assert [row.reason for row in bad] == ["is not UTF-8"] * 3


def test_url_list(tmp_path):
    text = "# mine\nhttps://a.example/x/cat.png\n\nhttps://b.example/cat.png\nnonsense\n"
    posts, [bad] = read(tmp_path / "urls.txt", text)
    assert [post.name.rsplit("-", 1)[0] for post in posts] == ["cat", "cat"]
    assert posts[0].name != posts[1].name
    assert bad.line == 5


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"rating": "questionable"}, "rating questionable"),
        ({"rating": "unknown"}, "rating unknown"),
        ({"tags": frozenset({"1girl", "monochrome"})}, "dropped tags"),
        ({"width": 200}, "too small"),
        ({"height": 4000}, "too long or too wide"),
        ({"score": -3}, "score"),
        ({"url": "https://a.example/clip.webm?x=1"}, "not a picture"),
        ({"tags": frozenset()}, "required tags missing"),
    ],
)
def test_filters(changes, reason):
    good = {
        "name": "1",
        "url": "https://a.example/1.png",
        "rating": "safe",
        "score": 2,
        "width": 800,
        "height": 900,
        "tags": frozenset({"1girl"}),
    }
    config = FetchConfig(lowest_score=0, require=("1girl",))
    assert why_unwanted(Post(**{**good, **changes}), config) == reason


def test_default_dropped_tags_are_unique():
    assert len(set(DROPPED_TAGS)) == len(DROPPED_TAGS)
    assert {"monochrome", "greyscale", "comic", "lineart", "sketch"} <= set(DROPPED_TAGS)


def test_dry_run_counts_by_reason(tmp_path):
    rows = [ROW, ROW.replace(",s,", ",e,"), ROW.replace("smile", "monochrome"), "broken"]
    path = tmp_path / "all_data.csv"
    path.write_text("\n".join([HEADER, *rows]))
    report = fetch(path, tmp_path / "out", FetchConfig(dry_run=True))
    assert report.tally.wanted == 1
    assert report.tally.unwanted == {"rating explicit": 1, "dropped tags": 1}
    assert [row.line for row in report.bad_rows] == [5]
    assert not (tmp_path / "out").exists()


@given(st.binary(max_size=300))
def test_any_bytes_after_the_header_only_skip_rows(tmp_path_factory, data):
    folder = tmp_path_factory.getbasetemp()
    rows = [row for row in data.split(b"\n") if row.strip()]
    posts, bad = read(folder / "fuzz.csv", HEADER.encode() + b"\n" + b"\n".join(rows))
    assert len(posts) + len(bad) <= len(rows) + 1
