# ruff: noqa
import html

from django.http import HttpResponse
from flask import jsonify, make_response, render_template, request
from markupsafe import escape


def hello():
    name = request.args["name"]
    # ruleid: html-from-request
    return f"<h1>Hello {name}</h1>"


def glued():
    # ruleid: html-from-request
    return "<p>" + request.form["text"] + "</p>"


def formatted():
    # ruleid: html-from-request
    return "<p>{}</p>".format(request.args.get("text")), 404


def response():
    # ruleid: html-from-request
    return make_response("<p>%s</p>" % request.args["text"])


def django_view(request):
    # ruleid: html-from-request
    return HttpResponse("<b>" + request.GET["q"])


def escaped():
    # ok: html-from-request
    return f"<h1>Hello {escape(request.args['name'])}</h1>"


def escaped_by_the_library():
    name = html.escape(request.args["name"])
    # ok: html-from-request
    return f"<h1>Hello {name}</h1>"


def data():
    # ok: html-from-request
    return {"name": request.args["name"]}


def made_elsewhere():
    # ok: html-from-request
    return store(request.get_json())


def rendered():
    # ok: html-from-request
    return render_template("hello.html", name=request.args["name"])


def number():
    # ok: html-from-request
    return f"<p>Page {int(request.args['page'])}</p>"


def as_json():
    # ok: html-from-request
    return jsonify(text="<" + request.args["name"])
