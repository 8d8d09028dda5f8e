# ruff: noqa
import jinja2
from flask import render_template, render_template_string, request


def page():
    # ruleid: template-from-request
    return render_template_string(request.args["page"])


def greeting():
    name = request.form.get("name")
    text = "<h1>Hello " + name + "</h1>"
    # ruleid: template-from-request
    return render_template_string(text)


def letter():
    # ruleid: template-from-request
    return jinja2.Template(f"Dear {request.json['name']}").render()


def stored(environment):
    # ruleid: template-from-request
    return environment.from_string(request.get_data(as_text=True)).render()


def as_value():
    # ok: template-from-request
    return render_template_string("<h1>Hello {{ name }}</h1>", name=request.args["name"])


def from_file():
    # ok: template-from-request
    return render_template("page.html", name=request.args["name"])


def constant():
    # ok: template-from-request
    return jinja2.Template("Dear {{ name }}").render(name=request.json["name"])
