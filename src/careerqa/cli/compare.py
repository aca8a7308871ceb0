"""`careerqa compare`: titles side by side, aspect by aspect, in quotes."""

from __future__ import annotations

from typing import Annotated

import typer

from careerqa.cli.doors import (
    ABSTAINED,
    ConfigOption,
    DebugOption,
    JsonOption,
    QuietOption,
    ensure_index,
    errors_reported,
    exit_codes_text,
    opened_service,
    print_json,
    settings_from,
)


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(name="compare", epilog=exit_codes_text())(compare_titles)


def compare_titles(
    roles: Annotated[
        list[str],
        typer.Argument(
            metavar="TITLE TITLE ...", help='Two to five titles, as "AI engineer" "ML engineer".'
        ),
    ],
    *,
    aspect: Annotated[
        list[str] | None,
        typer.Option(
            "--aspect",
            metavar="NAMES",
            help="Only these, with commas between: pay, skills, education, work, outlook, path.",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown.")] = False,
    as_html: Annotated[
        bool, typer.Option("--html", help="Print a page that needs nothing else.")
    ] = False,
    config: ConfigOption = None,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Compare titles aspect by aspect: what the documents say of each, quoted."""
    if as_json + as_markdown + as_html > 1:
        raise typer.BadParameter("Choose one of --json, --markdown and --html.")
    with errors_reported(debug):
        settings = settings_from(config)
        from careerqa.comparison.aspects import chosen_aspects
        from careerqa.comparison.comparing import compare, known_roles
        from careerqa.roles import load_vocabulary

        aspects = [name for names in aspect or [] for name in names.split(",")]
        chosen_aspects(aspects)  # what is wrong with the request is said before a build
        known_roles(roles, load_vocabulary())
        with opened_service(settings) as service:
            ensure_index(service, quiet=quiet)
            found = compare(service, roles, aspects)
        from careerqa.comparison.reply import comparison_reply
        from careerqa.terminal import output

        reply = comparison_reply(found)
        if as_json:
            print_json(reply.model_dump(mode="json"))
        elif as_markdown or as_html:
            from careerqa.comparison.page import page
            from careerqa.comparison.text import markdown

            typer.echo(page(reply) if as_html else markdown(reply), nl=False)
        else:
            from careerqa.comparison.text import show

            show(reply, settings.corpus.path, output.console())
        for warning in reply.warnings:
            output.warn(warning)
    if not reply.quotes:
        raise typer.Exit(ABSTAINED)
