# ruff: noqa
import ldap
from flask import request
from ldap.filter import escape_filter_chars


def find(link):
    name = request.form["user"]
    # ruleid: ldap-filter-from-request
    return link.search_s("ou=people", ldap.SCOPE_SUBTREE, "(uid=%s)" % name)


def find_with_ldap3(link):
    # ruleid: ldap-filter-from-request
    return link.search(search_base="ou=people", search_filter=f"(uid={request.args['user']})")


def escaped(link):
    name = escape_filter_chars(request.form["user"])
    # ok: ldap-filter-from-request
    return link.search_s("ou=people", ldap.SCOPE_SUBTREE, "(uid=%s)" % name)


def constant(link):
    # ok: ldap-filter-from-request
    return link.search(search_base="ou=people", search_filter="(objectClass=person)")
