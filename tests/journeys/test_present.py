"""A presenter and a class: a session on the wall, phones that follow, links that hide controls."""

import re

import pytest

from tests.browser import idle, no_english, open_page, until
from tests.journeys.cnn import LONG, ONE, draw, picture, state, stop, top, train
from tests.proxy import Proxy
from tests.server import Server

pytestmark = pytest.mark.browser

KEY = "open-sesame"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
BLOCK_SOCKETS = """
    const Real = WebSocket;
    window.WebSocket = class extends Real {
      constructor(url, ...rest) {
        const blocked = String(url).includes('/live/socket');
        super(blocked ? 'ws://127.0.0.1:65000/blocked' : url, ...rest);
      }
    };"""


@pytest.fixture(scope="module")
def hall(tmp_path_factory):
    """A museum with a presenter's key."""
    server = Server(tmp_path_factory.mktemp("hall"), PERCEPTORIUM_PRESENTER_KEY=KEY).start()
    yield server
    server.stop()


def panel(page) -> None:
    """Open the presenter's panel."""
    page.locator(".st-key-present-panel button").first.click()


def give_key(page, key: str) -> None:
    page.get_by_label("Presenter’s key").fill(key)
    page.get_by_role("button", name="Open a session").click()


def present(page) -> str:
    """Open a session; returns its code. The panel is closed again."""
    panel(page)
    give_key(page, KEY)
    page.wait_for_url(re.compile("lead=[a-z]{5}"))
    idle(page)
    page.keyboard.press("Escape")
    return re.search("lead=([a-z]{5})", page.url)[1]


def to(page, title: str) -> None:
    """The presenter goes to a room."""
    panel(page)
    page.get_by_role("button", name=title, exact=True).click()
    idle(page)
    page.keyboard.press("Escape")


def along(page) -> bool:
    return page.get_by_label("Follow the presenter").is_checked()


def test_a_class_goes_where_the_presenter_goes(hall, new_page):
    wall, phone = new_page(viewport={"width": 1920, "height": 1080}), new_page(**PHONE)
    open_page(wall, f"{hall.address}/cnn?{LONG}")
    panel(wall)
    give_key(wall, "guessed")
    wall.get_by_text("This is not the presenter’s key").wait_for()
    wall.keyboard.press("Escape")
    code = present(wall)
    assert wall.locator(".pc-join").get_by_text(f"/s/{code}").is_visible()
    assert KEY not in wall.content() and KEY not in wall.url

    open_page(phone, f"{hall.address}/s/{code}")
    phone.wait_for_url(re.compile(f"/cnn.*follow={code}"))
    run = train(wall)
    phone.wait_for_url(re.compile(f"run={run}"))
    until(lambda: state(phone) == "running", 30, "the phone sees the run live")
    assert not picture(phone).get_by_role("button", name="Stop", exact=True).is_visible()
    assert not phone.locator(".st-key-present-panel").count()
    draw(phone, *ONE)
    until(lambda: top(phone), 30, "the network answers to the phone")

    slider, label = picture(wall).locator(".pc-past input"), picture(phone).locator(
        ".pc-epoch-label")
    until(lambda: int(slider.get_attribute("max")) >= 3, 60, "three epochs")
    stop(wall)
    slider.fill("2")
    until(lambda: label.inner_text() == "Epoch 2", says="the phone looks at the same epoch")
    picture(phone).locator(".pc-past input").fill("1")
    until(lambda: label.inner_text() == "Epoch 1", says="and may look at another one")

    phone.locator("[data-module=inside]").scroll_into_view_if_needed()
    wall.locator("[data-module=inside]").scroll_into_view_if_needed()
    wall.locator(".pc-node[data-layer=conv1]").click()
    phone.locator(".pc-node[data-layer=conv1][aria-selected=true]").wait_for(timeout=30_000)

    to(wall, "Convolution and pooling")
    phone.wait_for_url(re.compile("/convolution"))
    idle(phone)
    assert along(phone)


def test_who_goes_alone_is_left_alone_and_comes_back(hall, new_page):
    wall, phone = new_page(), new_page()
    open_page(wall, f"{hall.address}/convolution")
    code = present(wall)
    open_page(phone, f"{hall.address}/s/{code}")
    phone.get_by_role("link", name="Runs").click()
    phone.get_by_role("heading", name="Runs", exact=True).wait_for()
    until(lambda: not along(phone), says="its visitor went somewhere else")
    to(wall, "Convolutional network")
    phone.get_by_text("The presenter is in: Convolutional network").wait_for()
    phone.reload()
    idle(phone)
    phone.get_by_text("The presenter is in: Convolutional network").wait_for()
    phone.get_by_role("button", name="Go there").click()
    phone.wait_for_url(re.compile("/cnn"))
    idle(phone)
    assert along(phone)
    to(wall, "Home")
    phone.get_by_role("heading", name="Perceptorium").wait_for()


def test_a_phone_without_sockets_goes_along_too(hall, new_page, problems):
    wall, phone = new_page(), new_page(**PHONE)
    phone.add_init_script(BLOCK_SOCKETS)
    open_page(wall, hall.address)
    open_page(phone, f"{hall.address}/s/{present(wall)}")
    to(wall, "Convolution and pooling")
    phone.wait_for_url(re.compile("/convolution"), timeout=60_000)
    assert all("blocked" in each for each in problems)
    problems.clear()


def test_a_class_follows_behind_a_proxy_that_strips_a_path(hall, new_page):
    wall, phone = new_page(), new_page(**PHONE)
    with Proxy(hall.port, prefix="/museum", keeps_host=False) as proxy:
        open_page(wall, f"{proxy.address}/cnn")
        code = present(wall)
        assert f"/museum/s/{code}" in wall.locator(".pc-join").inner_text()
        to(wall, "Home")
        assert f"/museum/s/{code}" in wall.locator(".pc-join").inner_text()
        open_page(phone, f"{proxy.address}/s/{code}")
        to(wall, "Convolution and pooling")
        phone.wait_for_url(re.compile("/museum/convolution"))
        wall.context.close()
        phone.context.close()


def test_the_next_group_finds_nothing_of_the_last(hall, new_page):
    wall, phone = new_page(), new_page(**PHONE)
    open_page(wall, f"{hall.address}/cnn?{LONG}")
    code = present(wall)
    open_page(phone, f"{hall.address}/s/{code}")
    run = train(wall)
    phone.wait_for_url(re.compile(f"run={run}"))
    panel(wall)
    wall.get_by_role("button", name="Reset for the next group").click()
    wall.get_by_role("button", name="Reset now").click()
    wall.get_by_text("Ready for the next group").wait_for()
    assert code not in wall.url and wall.locator(".pc-join").inner_text()
    phone.get_by_text("This session is over").wait_for()
    until(lambda: state(phone) == "stopped", 30, "the presenter's run was stopped")
    late = new_page(**PHONE)
    open_page(late, f"{hall.address}/s/{code}")
    late.get_by_text("This session is over").wait_for()


def test_hidden_parts_stay_hidden_on_every_page(hall, new_page):
    wall, phone = new_page(), new_page()
    open_page(wall, f"{hall.address}/cnn")
    code = present(wall)
    panel(wall)
    wall.get_by_text("What followers see").click()
    for part in ("The lesson", "Training"):
        wall.get_by_test_id("stPopoverBody").get_by_role("button", name=part, exact=True).click()
        idle(wall)
    wall.get_by_text("hide=lesson,training").wait_for()
    link = wall.get_by_test_id("stCode").filter(has_text="hide=").inner_text().strip()

    for address in (f"{hall.address}/s/{code}",
                    f"{hall.address}/cnn?{link.partition('?')[2]}"):
        open_page(phone, address)
        phone.get_by_role("heading", name="Try it").wait_for()  # the short link leads on to it
        idle(phone)
        assert not phone.get_by_role("heading", name="The lesson").count()
        assert not phone.get_by_text("Learning rate", exact=True).count()
        phone.get_by_role("link", name="Home").click()
        phone.locator(".pc-card", has_text="Convolution and pooling").click()
        phone.get_by_role("heading", name="Convolution and pooling").wait_for()
        idle(phone)
        assert not phone.get_by_role("heading", name="The lesson").count()
    assert wall.get_by_role("heading", name="The lesson").count()


def test_the_walk_leads_through_a_room_and_blocks_nothing(hall, page):
    open_page(page, hall.address)
    page.get_by_role("button", name="The first five minutes").click()
    page.wait_for_url(re.compile("/cnn"))
    idle(page)
    walk = page.locator("[data-module=tour]")
    draw(page, *ONE)
    until(lambda: walk.get_attribute("data-done") == "true", says="drawing was the first step")
    walk.get_by_role("button", name="Next").click()
    until(lambda: walk.get_attribute("data-step") == "2", says="the second step")
    page.locator(".st-key-cnn-train.pc-pointed").wait_for()
    walk.get_by_role("button", name="End the tour").click()
    walk.wait_for(state="detached")
    assert "tour" not in page.url


def test_a_step_of_a_workshop_opens_its_room(hall, new_page):
    page = new_page(locale="zh-CN")
    open_page(page, f"{hall.address}/workshops?minutes=60")
    assert no_english(page) == []
    page.locator(".st-key-workshop-open-1 button").click()
    page.wait_for_url(re.compile("/convolution.*picture=digit"))
    idle(page)
    assert not page.get_by_test_id("stAlert").count()


def test_a_handout_is_printed_whole_and_in_black_on_white(hall, new_page):
    page = new_page(color_scheme="dark")
    open_page(page, f"{hall.address}/cnn?{LONG.replace('100', '3')}")
    train(page)
    until(lambda: state(page) == "finished", 60, "finished")
    idle(page)
    with page.expect_popup() as popup:
        page.get_by_role("link", name="Print a handout").click()
    handout = popup.value
    idle(handout)
    assert handout.locator(".pc-handout-curve").count() == 2
    assert handout.get_by_alt_text("QR code of the link").is_visible()
    handout.emulate_media(media="print")
    colour = handout.locator(".st-key-lesson p").first.evaluate("e => getComputedStyle(e).color")
    assert colour == "rgb(0, 0, 0)"
    pages = len(re.findall(rb"/Type\s*/Page[^s]", handout.pdf()))
    assert 2 <= pages <= 8, "the lesson goes on after the first page"


def test_the_presenter_s_address_makes_a_follower_of_anybody_else(hall, new_page):
    wall, stranger = new_page(), new_page()
    open_page(wall, f"{hall.address}/convolution")
    present(wall)
    open_page(stranger, wall.url)
    assert along(stranger)
    assert not stranger.locator(".st-key-present-panel").count()
    assert "lead=" not in stranger.evaluate("location.search")
