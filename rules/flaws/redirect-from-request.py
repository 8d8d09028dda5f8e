# ruff: noqa
from urllib.parse import urlencode, urlsplit

import flask
from django.http import HttpResponseRedirect
from django.shortcuts import redirect as go
from django.utils.http import url_has_allowed_host_and_scheme
from flask import redirect, request, url_for


def after_login():
    target = request.args.get("next")
    # ruleid: redirect-from-request
    return redirect(target)


def fallback():
    # ruleid: redirect-from-request
    return flask.redirect(flask.request.form["to"] or "/")


def glued():
    # ruleid: redirect-from-request
    return redirect("https://" + request.args["host"])


def django_view(request):
    # ruleid: redirect-from-request
    return HttpResponseRedirect(request.GET["next"])


def django_short(request):
    # ruleid: redirect-from-request
    return go(request.POST.get("next", "/"))


def checked(request):
    target = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={"shop.example"}):
        target = "/"
    # ok: redirect-from-request
    return go(target)


def own_check():
    target = request.args["next"]
    if is_safe_target(target):
        # ok: redirect-from-request
        return redirect(target)
    return redirect("/")


def allowed():
    target = request.args["next"]
    if target and _allow_redirect(target):
        # ok: redirect-from-request
        return redirect(target)
    return redirect("/")


def with_query(base):
    # ok: redirect-from-request
    return redirect(base + "?" + urlencode(request.args))


def cleaned():
    # ok: redirect-from-request
    return redirect(safe_target(request.args["next"]))


def by_name():
    # ok: redirect-from-request
    return redirect(url_for("page", number=request.args["page"]))


def below_a_path():
    # ok: redirect-from-request
    return redirect(f"/orders/{request.form['number']}")


def below_a_host():
    # ok: redirect-from-request
    return redirect("https://shop.example/search?q=" + request.args["q"])


def constant():
    # ok: redirect-from-request
    return redirect("/done")


def parsed():
    target = request.args.get("next")
    if not target or urlsplit(target).netloc != "":
        target = "/"
    # ok: redirect-from-request
    return redirect(target)
