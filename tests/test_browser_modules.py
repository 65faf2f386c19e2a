"""What the browser modules compute: addresses, colours, events of a run, packed pictures."""

from itertools import pairwise
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

COMPONENTS = Path(__file__).parent.parent / "assets" / "components"
# These have no export, so that a page takes them as ordinary scripts.
PLAIN = ["kit.js", "live.js", "curves.js", "story.js"]


@pytest.fixture
def modules(page):
    """A blank page that knows the modules' helpers: ``modules("1 + 1")``."""
    page.set_content("<section></section>")
    for name in PLAIN:
        page.add_script_tag(content=(COMPONENTS / name).read_text("utf-8"))
    return page.evaluate


@pytest.mark.parametrize(("page_name", "address", "base"), [
    ("cnn", "/cnn", "/"),
    ("cnn", "/cnn/", "/"),
    ("cnn", "/some/prefix/cnn", "/some/prefix/"),
    ("", "/", "/"),
    ("", "/some/prefix", "/some/prefix/"),
    ("cnn", "/mycnn", "/mycnn/"),  # a prefix that only ends like the page
])
def test_base_is_the_address_without_the_page(modules, page_name, address, base):
    assert modules("([page, path]) => basePath(page, path)", [page_name, address]) == base


def test_bytes_survive_base64(modules):
    assert modules("""() => {
        const bytes = Uint8Array.from({ length: 100000 }, (_, i) => (i * 7) % 256);
        const back = toBytes(toBase64(bytes));
        return back.length === bytes.length && back.every((byte, i) => byte === bytes[i]);
    }""")


def test_stacked_pictures_are_taken_apart(modules):
    heights, second = modules("""() => {
        const data = toBase64(Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]));
        const pictures = unpack({ width: 2, height: 4, data }, 2);
        return [pictures.map(({ height }) => height), [...pictures[1].bytes]];
    }""")
    assert heights == [2, 2]
    assert second == [5, 6, 7, 8]


def test_words_in_a_colour_are_readable_on_any_ground(modules):
    worst = modules("""() => Math.min(...["#ffffff", "#0e1117", "#f0f2f6"].flatMap((ground) =>
        ["#ffff00", "#ff8700", "#3d4edb", "#777777"].map((colour) => {
            const [back, text] = [rgb(ground), ink(rgb(ground))];
            return contrast(readable(rgb(colour), back, text), back);
        })))""")
    assert worst >= 4.5


def test_thinned_curves_keep_their_points_as_more_come(modules):
    fewer, more = modules("""() => [3000, 3001].map((count) =>
        thin(Array.from({ length: count }, (_, i) => i), 2000))""")
    assert len(fewer) <= 2001
    assert set(fewer[:-1]) <= set(more)  # only the last one gives way to the new last one


@pytest.mark.parametrize(("heights", "places"), [
    ([100, 50], [100, 50]),
    ([52, 48], [60, 40]),
    ([2, 6], [10, 30]),  # never over the axis's numbers
    ([0, 100], [10, 100]),
])
def test_labels_are_moved_only_where_they_meet_each_other_or_the_axis(modules, heights, places):
    assert modules("([a, b]) => apart(a, b, 20)", heights) == places


def test_a_story_takes_each_event_once(modules):
    told = modules("""() => {
        const story = new Story();
        const batch = { type: "batch", step: 1, epoch: 0.5, values: { loss: 2, accuracy: null } };
        for (const seq of [2, 2, 1, 3]) story.add({ ...batch, seq });
        return [story.seq, story.batches("loss").length, story.batches("accuracy").length];
    }""")
    assert told == [3, 2, 0]


@pytest.mark.parametrize(("batch_epoch", "shown"), [(0.02, 1), (1, 1), (1.02, 2)])
def test_epochs_are_counted_from_one(modules, batch_epoch, shown):
    assert modules("""(epoch) => {
        const story = new Story();
        story.add({ seq: 1, type: "batch", step: 1, epoch, values: {} });
        return story.epoch;
    }""", batch_epoch) == shown


def test_the_newest_of_many_questions_is_asked_next(modules):
    assert modules("""async () => {
        const asked = [];
        const ask = newest(async (n) => {
            asked.push(n);
            await new Promise((done) => setTimeout(done, 20));
        });
        await Promise.all([1, 2, 3, 4].map(ask));
        return asked;
    }""") == [1, 4]


WORK = """
    const soon = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const turns = []; // [begin, end] of each turn of the work
    let wish = 0;
    let done = 0;
    const work = async () => {
        const turn = [performance.now()];
        turns.push(turn);
        done = wish;
        await soon(20);
        turn.push(performance.now());
    };
"""


def test_dear_work_rests_and_the_last_is_done_at_last(modules):
    """Work that rests four times as long as it took, however often it is asked for; what was asked
    for last is never left out."""
    turns = modules("async () => {" + WORK + """
        const draw = throttled(work, 0, 4);
        while (turns.length < 4) {
            wish += 1;
            draw();
            await soon(5);
        }
        while (done < wish || turns.at(-1).length < 2) await soon(5);
        return turns;
    }""")
    for (begin, end), (later, _) in pairwise(turns):
        assert later - end >= 3.8 * (end - begin)  # a browser's timers are rounded


def test_what_the_visitor_did_does_not_wait_for_the_rest_nor_overlap(modules):
    turns = modules("async () => {" + WORK + """
        const draw = throttled(work, 60000);
        draw();
        wish = 1;
        draw.now(); // in mid-work
        while (done < wish) await soon(5);
        while (turns.at(-1).length < 2) await soon(5);
        wish = 2;
        draw.now(); // in the gap
        while (done < wish || turns.at(-1).length < 2) await soon(5);
        return turns;
    }""")
    assert len(turns) == 3
    assert all(later >= end for (_, end), (later, _) in pairwise(turns))
