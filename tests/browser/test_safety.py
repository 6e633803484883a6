"""Nothing that an article, a title, a file name, a question or a model says is ever run; nothing leaves the machine."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Serve, ask, ready, settled, sidebar, tab
from tests.support.browser_chat import site as served_site
from tests.support.language_model import ScriptedChat
from ui.web.access.users import Users

pytestmark = pytest.mark.browser

_ACTS = ("window.fired=1", "alert(1)", "fetch('http://192.0.2.1/x')")
ATTACKS = tuple(
    form.format(act)
    for act in _ACTS
    for form in (
        "<script>{}</script>",
        "</script><script>{}</script>",
        '<img src=x onerror="{}">',
        "<img src=x onerror={}>",
        "<svg onload={}>",
        "<svg><script>{}</script></svg>",
        "<svg><animate onbegin={} attributeName=x dur=1s>",
        "<body onload={}>",
        '<iframe srcdoc="<script>parent.{}</script>"></iframe>',
        '<iframe src="javascript:parent.{}"></iframe>',
        '<a href="javascript:{}">click</a>',
        "[click](javascript:{})",
        "[click](data:text/html,<script>{}</script>)",
        '![x](x" onerror="{})',
        "<details open ontoggle={}>",
        "<input autofocus onfocus={}>",
        "<math><mtext></table><mglyph><style><img src=x onerror={}>",
        '"><script>{}</script>',
        "'-{}-'",
        "${{{}}}",
        "{{{{{}}}}}",
        "<template><script>{}</script></template>",
    )
)
MORE = (
    "<form action=http://192.0.2.1/ ><button>x",
    "<meta http-equiv=refresh content='0;url=http://192.0.2.1/'>",
    "<base href=http://192.0.2.1/>",
    "<link rel=stylesheet href=http://192.0.2.1/x.css>",
    "<style>@import 'http://192.0.2.1/x.css'</style>",
    "![track](http://192.0.2.1/pixel.png)",
    "<img src=http://192.0.2.1/pixel.png>",
    "\u202e<script>window.fired=1</script>\u202c",
    "<scr\0ipt>window.fired=1</scr\0ipt>",
    "＜script＞window.fired=1＜/script＞",
    "[1]<script>window.fired=1</script>[2]",
    "“</q><script>window.fired=1</script>”",
)
ALL = (*ATTACKS, *MORE)


def unharmed(page: Page) -> None:
    assert page.evaluate("() => window.fired") is None
    ours = "#chat .prose, #source, #chats, #became, #articles"
    for tag in (
        "script",
        "img",
        "iframe",
        "svg",
        "form",
        "input:not([type=checkbox])",
        "meta",
        "base",
        "link",
        "style",
    ):
        inside = ", ".join(f"{place} {tag}" for place in ours.split(", "))
        expect(page.locator(inside)).to_have_count(0)
    for link in page.locator("#source a[target], #chat .prose a[target]").all():
        href = link.get_attribute("href") or ""
        assert href.startswith(("https://", "http://", "#", "?"))
        assert link.get_attribute("rel") == "noopener noreferrer"


@pytest.fixture
def wary(page: Page) -> Page:
    page.on(
        "dialog", lambda dialog: (_ for _ in ()).throw(AssertionError(f"a dialog opened: {dialog.message}"))
    )
    return page


def test_there_are_at_least_sixty_attacks() -> None:
    assert len(set(ALL)) >= 60


def test_no_question_is_run(wary: Page) -> None:
    """All of them in a few conversations, as questions go."""
    for at in range(0, len(ALL), 13):
        some = ALL[at : at + 13]
        ask(wary, "How long did Colossus take to build? " + " ".join(some))
        expect(wary.locator("#chat .asked").last).to_contain_text(some[0].replace("\0", ""))
        unharmed(wary)
    wary.reload()
    settled(wary, len(range(0, len(ALL), 13)))
    sidebar(wary)
    wary.wait_for_selector("#chats li")
    unharmed(wary)


def test_a_hostile_question_is_edited_as_it_was_typed(wary: Page) -> None:
    asked = "How long did <b>Colossus</b> take &amp; <img src=x onerror=window.fired=1> build?"
    ask(wary, asked)
    wary.locator(".user-row [aria-label='Edit']").click()
    expect(wary.locator("#chat textarea")).to_have_value(asked)
    unharmed(wary)


def test_no_article_title_or_file_name_is_run(wary: Page, tmp_path: Path) -> None:
    lines = [
        f"The code of door {at} is {attack}, and it was set in {1900 + at}."
        for at, attack in enumerate(ALL)
        if "\0" not in attack  # a file with a NUL is binary, and refused
    ]
    text = "\n\n".join(lines)
    for at, name in enumerate(
        ("<img src=x onerror=alert(1)>.txt", 'a"onmouseover=alert(1) b.txt', "'-alert(1)-'.txt")
    ):
        (tmp_path / name).write_text(f"{at} {text}", encoding="utf-8")
    tab(wary, "Articles")
    wary.set_input_files("#files input[type=file]", [str(path) for path in sorted(tmp_path.iterdir())])
    expect(wary.locator("#became .good")).to_have_count(3, timeout=30_000)
    unharmed(wary)
    wary.click("text=Or paste a text")
    for at in range(0, len(ALL), 9):
        wary.get_by_label("Title", exact=True).fill(ALL[at])
        wary.get_by_label("Text", exact=True).fill(
            f"Title {at}. The vault of {ALL[at]} was opened in {1700 + at}."
        )
        wary.get_by_label("Address (optional)").fill("javascript:alert(1)")
        wary.click("text=Add this text")
        expect(wary.get_by_label("Title", exact=True)).to_have_value("")
    wary.reload()
    ready(wary)
    tab(wary, "Articles")
    wary.wait_for_selector("#articles label:nth-child(5)")
    unharmed(wary)
    tab(wary, "Ask")
    for question in (
        "Which door has its code set in 1907?",
        "What is the code of door 21?",
        "When was the vault opened?",
    ):
        ask(wary, question)
        for chip in wary.locator(".answer").last.locator(".chip").all()[:2]:
            chip.click()
            wary.wait_for_selector("#source .article")
            unharmed(wary)


def test_no_model_output_is_run(
    visitor: Callable[..., Page], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = " ".join(f"Colossus took 122 days {attack} [1]." for attack in ALL[::3])
    with served_site(tmp_path, monkeypatch, ScriptedChat(replies=[reply])) as address:
        page = ready(visitor(address))
        ask(page, "How long did Colossus take to build?")
        page.click("details.withheld summary")
        unharmed(page)


def test_nothing_is_evaluated_and_no_image_comes_from_elsewhere(
    visitor: Callable[..., Page], site: str
) -> None:
    page = visitor(site, complaints=("Content Security Policy",))
    refused = page.evaluate(
        """() => new Promise(tell => setTimeout(() => {
            try { Function("return 1")(); tell(""); } catch (error) { tell(error.name); }
        }))"""
    )
    assert refused == "EvalError"
    blocked = page.evaluate(
        """() => new Promise(tell => {
            addEventListener("securitypolicyviolation", event => tell(event.effectiveDirective));
            new Image().src = "http://127.0.0.1:9/pixel.png";
        })"""
    )
    assert blocked == "img-src"


@pytest.mark.slow
def test_signing_in_and_out(serve: Serve, visitor: Callable[..., Page], tmp_path: Path) -> None:
    users = Users(tmp_path / "users")
    users.add("ada", "correct horse")
    users.add("bob", "battery staple")
    page = visitor(serve("--model", "quotes", "--auth", str(tmp_path / "users")))
    page.fill("[name=username]", "ada")
    page.fill("[name=password]", "wrong password")
    page.keyboard.press("Enter")
    expect(page.locator("#wrong")).to_have_text("The name or the password is wrong.")
    expect(page.locator("#wrong")).to_be_visible()
    page.fill("[name=username]", "ada")
    page.fill("[name=password]", "correct horse")
    page.keyboard.press("Enter")
    ready(page)
    ask(page, "How long did Colossus take to build?")
    address = page.url
    sidebar(page)
    page.click("text=Sign out")
    page.wait_for_selector("[name=username]")
    page.fill("[name=username]", "bob")
    page.fill("[name=password]", "battery staple")
    page.keyboard.press("Enter")
    ready(page)
    page.goto(address)
    expect(page.locator(".toast-body")).to_contain_text("no such conversation")
