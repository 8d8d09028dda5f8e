# ruff: noqa
from flask import request
from lxml import etree


def login(tree):
    name = request.form["name"]
    # ruleid: xpath-from-request
    return tree.xpath(f"//user[name='{name}']")


def compiled():
    # ruleid: xpath-from-request
    return etree.XPath("//user[@id='" + request.args["id"] + "']")


def variable(tree):
    # ok: xpath-from-request
    return tree.xpath("//user[name=$name]", name=request.form["name"])


def number(tree):
    # ok: xpath-from-request
    return tree.xpath(f"//user[{int(request.args['number'])}]")
