# ruff: noqa
from django.utils.html import format_html


def bold(text):
    # ruleid: format-html-of-built-text
    return format_html(f"<b>{text}</b>")


def link(page):
    # ruleid: format-html-of-built-text
    return format_html("<a href='%s'>page</a>" % page.url)


def safe(text):
    # ok: format-html-of-built-text
    return format_html("<b>{}</b>", text)


def long(text):
    # ok: format-html-of-built-text
    return format_html("<b>{}</b>" + "<hr>", text)
