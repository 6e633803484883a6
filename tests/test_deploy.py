"""The files in ``deploy/`` say what the program understands."""

import re
from pathlib import Path

import yaml

import rag.storage.location
from rag.storage.location import parse_address
from ui.cli import parser

DEPLOY = Path(__file__).parent.parent / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
SITE = "news.example.org"


def test_each_server_is_started_as_the_program_understands_it() -> None:
    for name in ("pincite-1", "pincite-2"):
        service = COMPOSE["services"][name]
        words = [re.sub(r"\$\{PINCITE_SITE:[^}]*\}", SITE, word) for word in service["command"]]
        options = parser().parse_args(words)
        assert options.hostname == [SITE]
        where = parse_address(options.index, environment=service["environment"])
        assert where.host in COMPOSE["services"]


def test_all_that_the_services_name_is_there() -> None:
    services, volumes = COMPOSE["services"], COMPOSE["volumes"]
    for service in services.values():
        assert set(service.get("depends_on", ())) <= services.keys()
        named = {volume.partition(":")[0] for volume in service.get("volumes", ())}
        assert {one for one in named if not one.startswith(".")} <= volumes.keys()
    assert {name for name, one in services.items() if "ports" in one} == {"caddy"}
    caddy = (DEPLOY / "Caddyfile").read_text("utf-8")
    asked = set(re.findall(r"\{\$(\w+)\}", caddy))
    assert asked <= services["caddy"]["environment"].keys()
    for host in re.findall(r"(?:reverse_proxy|\s)([a-z0-9-]+):\d+", caddy):
        assert host in services


def test_the_page_on_deploying_names_every_setting() -> None:
    page = (DEPLOY.parent / "docs" / "deploy.md").read_text("utf-8")
    for name in ("DATABASE", "TOKEN", "_TENANT", "_CHROMA_DATABASE"):
        assert getattr(rag.storage.location, name) in page
    for name in re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yaml").read_text("utf-8")):
        assert f"{name}=" in page
