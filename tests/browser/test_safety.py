"""Nothing that an article, a title, a file name, a question or a model says is ever run; nothing leaves the machine."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Serve, ask, settled
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
    assert (
        page.locator(
            "#turns script, #turns img, #turns iframe, #turns svg, #source script, #source img, #source iframe"
        ).count()
        == 0
    )
    for link in page.locator("a[target]").all():
        assert (link.get_attribute("href") or "").startswith(("https://", "http://"))
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
        expect(wary.locator(".turn .asked").last).to_contain_text(some[0].replace("\0", ""))
        unharmed(wary)
    wary.reload()
    settled(wary, len(range(0, len(ALL), 13)))
    wary.click("#chats-toggle")
    wary.wait_for_selector("#chats .title")
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
    wary.set_input_files("#files", [str(path) for path in sorted(tmp_path.iterdir())])
    expect(wary.locator(".said .good")).to_have_count(3, timeout=30_000)
    unharmed(wary)
    for at in range(0, len(ALL), 9):
        wary.evaluate(
            """([title, text]) => fetch('/api/articles/paste', {
                method: 'POST', headers: { 'Content-Type': 'application/json' },
                body: JSON.stringify({ title, text, url: 'javascript:alert(1)' }),
            })""",
            [ALL[at], f"Title {at}. The vault of {ALL[at]} was opened in {1700 + at}."],
        )
    wary.reload()
    wary.wait_for_selector(".shelf li:nth-child(5)")
    unharmed(wary)
    for question in (
        "Which door has its code set in 1907?",
        "What is the code of door 21?",
        "When was the vault opened?",
    ):
        ask(wary, question)
        for chip in wary.locator(".turn").last.locator(".chip").all()[:2]:
            chip.hover()
            chip.click()
            wary.wait_for_selector(".article")
        unharmed(wary)


@pytest.mark.slow
def test_no_model_output_is_run(serve: Serve, visitor: Callable[..., Page], tmp_path: Path) -> None:
    """The answer on its way from the server says what a hostile model might."""
    page = visitor(serve("--model", "quotes"))
    page.wait_for_selector("#welcome .offer")

    def hostile(route: Route) -> None:
        pieces = [{"kind": "words", "text": attack, "quoted": at % 2 == 0} for at, attack in enumerate(ALL)]
        source = {
            "label": 1,
            "article_id": ALL[0],
            "title": ALL[1],
            "publisher": ALL[2],
            "date": ALL[3],
            "url": "javascript:alert(1)",
            "open": "javascript:window.fired=1",
            "credit": ALL[4],
            "quote": ALL[5],
            "span": [0, 9],
            "fingerprint": "x",
        }
        events = [
            {"kind": "start", "conversation": "x"},
            {
                "kind": "evidence",
                "searched": ALL[6],
                "abstained": False,
                "reading": True,
                "quotes": [1],
                "sources": [source],
            },
            {"kind": "pieces", "pieces": [*pieces, {"kind": "chip", "label": 1}]},
            {"kind": "error", "message": ALL[7]},
        ]
        lines = "".join(json.dumps(event) + "\n" for event in events)
        said = [
            {"msg": "process_generating", "output": {"data": [lines]}, "success": True},
            {"msg": "process_completed", "output": {"data": []}, "success": True},
        ]
        route.fulfill(
            content_type="text/event-stream", body="".join(f"data: {json.dumps(one)}\n\n" for one in said)
        )

    page.route("**/gradio_api/queue/data*", hostile)
    page.fill("#question", "anything")
    page.keyboard.press("Enter")
    page.wait_for_selector(".turn .failed")
    assert page.locator(".text").inner_text().count("<script>") > 5
    page.locator(".text .chip").hover()
    unharmed(page)


def test_even_a_slip_in_the_pages_own_code_could_not_run_html(
    visitor: Callable[..., Page], site: str
) -> None:
    """Trusted types: the browser itself refuses to read a string as HTML, and to run one."""
    page = visitor(site, complaints=("Content Security Policy", "'Trusted"))
    refused = page.evaluate(
        """() => new Promise(tell => setTimeout(() => {
            const refused = [];
            for (const slip of [() => { document.body.innerHTML += "<b>x</b>"; }, () => Function("return 1")()])
                try { slip(); refused.push(""); } catch (error) { refused.push(error.name); }
            tell(refused);
        }))"""
    )
    assert refused == ["TypeError", "EvalError"]


@pytest.mark.slow
def test_signing_in_and_out(serve: Serve, visitor: Callable[..., Page], tmp_path: Path) -> None:
    users = Users(tmp_path / "users")
    users.add("ada", "correct horse")
    users.add("bob", "battery staple")
    page = visitor(serve("--model", "quotes", "--auth", str(tmp_path / "users")))
    page.fill("#username", "ada")
    page.fill("#password", "wrong password")
    page.keyboard.press("Enter")
    expect(page.locator(".signin .failed")).to_have_text("The name or the password is wrong.")
    page.fill("#password", "correct horse")
    page.keyboard.press("Enter")
    page.wait_for_selector("#welcome .offer")
    ask(page, "How long did Colossus take to build?")
    address = page.url
    page.click("text=Sign out")
    page.wait_for_selector("#username")
    page.fill("#username", "bob")
    page.fill("#password", "battery staple")
    page.keyboard.press("Enter")
    page.wait_for_selector("#welcome .offer")
    page.goto("about:blank")  # else the page is not loaded anew: only what follows the # is another
    page.goto(address)
    expect(page.locator("#notice")).to_contain_text("no such conversation")
