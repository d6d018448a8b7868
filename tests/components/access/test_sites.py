"""The setting `sites`."""

import json
from typing import Any

import pytest

from components.access.sites import MAX_KEYS, Site, site_keys, sites_from
from operations.site_key import site_key

KEY = "wk_" + "a" * 24
NEXT = "wk_" + "b" * 24
OLD = "wk_" + "0" * 24


def shop(**members: object) -> dict[str, object]:
    return {"id": "shop", "keys": [KEY], **members}


def refused(*given: object) -> str:
    with pytest.raises(ValueError, match=r"^sites") as failure:
        sites_from(list(given))
    return str(failure.value)


def test_a_site_needs_an_id_and_a_key_and_masks_text() -> None:
    assert sites_from([shop()]) == (Site(id="shop", keys=(KEY,), privacy="text"),)


def test_a_site_may_have_two_keys_retired_ones_origins_and_a_level_of_privacy() -> None:
    origins = ["https://shop.example", "http://localhost:8080", "https://[::1]:8443"]
    given = shop(keys=[KEY, NEXT], retiredKeys=[OLD], origins=origins, privacy="private")

    (site,) = sites_from([given])

    assert (site.keys, site.retired_keys, site.all_keys) == ((KEY, NEXT), (OLD,), (KEY, NEXT, OLD))
    assert (site.origins, site.privacy) == (tuple(origins), "private")
    assert (site.group, site.admin_group, site.owner) == (
        "site-shop",
        "site-shop-admin",
        "site#shop",
    )


@pytest.mark.parametrize("given", [None, {}, "shop", 1])
def test_anything_but_a_list_is_refused(given: Any) -> None:
    with pytest.raises(ValueError, match=r"^sites must be a list, got"):
        sites_from(given)


@pytest.mark.parametrize("given", [None, [], "shop", 1])
def test_anything_but_an_object_is_refused_in_it(given: object) -> None:
    assert refused(given) == f"sites must hold objects, got {given!r}"


@pytest.mark.parametrize(
    "site_id", [None, "", "Shop", "1shop", "-shop", "a b", "a/b", "a" * 32, "shop\n", "é", 'a"', 5]
)
def test_an_id_that_no_group_may_be_named_after_is_refused(site_id: object) -> None:
    assert refused(shop(id=site_id)).endswith(f"up to 30 of a-z 0-9 -, got {site_id!r}")


@pytest.mark.parametrize(
    "key", ["", "wk_", "wk_" + "A" * 24, "wk_" + "a" * 23, KEY + "a", KEY + "\n", "wk_" + "*" * 24]
)
def test_a_key_that_make_site_key_does_not_print_is_refused(key: str) -> None:
    way_out = f"sites: shop: a key must be one that make site-key prints, got {key!r}"

    assert refused(shop(keys=[key])) == way_out
    assert refused(shop(retiredKeys=[key])) == way_out


@pytest.mark.parametrize("count", [0, 3])
def test_a_site_has_one_key_or_two_while_they_are_exchanged(count: int) -> None:
    message = refused(shop(keys=[f"wk_{number:024}" for number in range(count)]))

    assert message == (
        "sites: shop must have one key, or 2 while they are exchanged (move the old one to "
        f"retiredKeys), got {count}"
    )


def test_no_key_and_no_id_may_be_there_twice() -> None:
    twice = f"sites: no key may be there twice, got {KEY!r} 2 times"

    assert refused(shop(keys=[KEY, KEY])) == twice
    assert refused(shop(retiredKeys=[KEY])) == twice
    assert refused(shop(), {"id": "blog", "keys": [KEY]}) == twice
    assert (
        refused(shop(), shop(keys=[NEXT])) == "sites: no id may be there twice, got 'shop' 2 times"
    )


@pytest.mark.parametrize(
    ("origin", "way_out"),
    [
        ("https://shop.example/", "write https://shop.example"),
        ("https://shop.example/a?b#c", "write https://shop.example"),
        ("HTTPS://Shop.Example", "such as https://shop.example"),
        ("https://shop.example:443", "such as https://shop.example"),
        ("shop.example", "such as https://shop.example"),
        ("*", "such as https://shop.example"),
        ("null", "such as https://shop.example"),
        ("ftp://shop.example", "such as https://shop.example"),
        ("https://shop.example:x", "such as https://shop.example"),
        ("https://a@shop.example", "such as https://shop.example"),
        ("https://[", "such as https://shop.example"),
        ('https://shop.example"', "such as https://shop.example"),
        ("", "such as https://shop.example"),
    ],
)
def test_what_no_browser_sends_as_an_origin_is_refused(origin: str, way_out: str) -> None:
    message = refused(shop(origins=[origin]))

    assert message.endswith(f"{way_out}, got {origin!r}")


@pytest.mark.parametrize("name", ["keys", "retiredKeys", "origins"])
@pytest.mark.parametrize("value", [KEY, None, {}, [1], [None]])
def test_what_is_no_list_of_texts_is_refused(name: str, value: object) -> None:
    assert (
        refused(shop(**{name: value}))
        == f"sites: shop: {name} must be a list of texts, got {value!r}"
    )


def test_a_level_of_privacy_that_there_is_not_is_refused() -> None:
    assert refused(shop(privacy="none")) == (
        "sites: shop: privacy must be one of inputs, text, private, got 'none'"
    )


def test_a_member_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    assert refused(shop(key=KEY)) == (
        "sites: shop may have id, keys, retiredKeys, origins, privacy, got 'key'"
    )


def many(count: int) -> list[dict[str, object]]:
    return [{"id": f"s{number}", "keys": [f"wk_{number:024}"]} for number in range(count)]


def test_more_keys_than_a_policy_holds_are_refused_with_the_number() -> None:
    assert len(sites_from(many(MAX_KEYS))) == MAX_KEYS
    assert refused(*many(MAX_KEYS + 1)) == (
        "sites may have 50 keys in all, retired ones included, since a role's inline policy holds "
        "no more; got 51"
    )


def test_the_longest_setting_fits_the_environment_of_a_function() -> None:
    # https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    longest = [{**one, "id": f"{one['id']}".ljust(31, "x")} for one in many(MAX_KEYS)]

    assert len(site_keys(sites_from(longest))) < 4096 - 700


def test_a_new_key_is_one_that_the_setting_takes() -> None:
    keys = {site_key() for _ in range(20)}

    assert len(keys) == 20
    assert [site.keys for site in sites_from(json.loads(json.dumps([shop(keys=[*keys][:2])])))]
