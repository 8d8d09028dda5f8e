# ruff: noqa
import xml.sax
import xml.sax.handler
from xml.sax.handler import feature_external_ges

from lxml import etree


def parse(data):
    # ruleid: xml-entities-resolved
    return etree.fromstring(data, etree.XMLParser(resolve_entities=True))


def with_network(data):
    # ruleid: xml-entities-resolved
    parser = etree.XMLParser(remove_blank_text=True, no_network=False)
    return etree.fromstring(data, parser)


def with_definitions(data):
    # ruleid: xml-entities-resolved
    return etree.fromstring(data, etree.XMLParser(load_dtd=True))


def sax(path, handler):
    reader = xml.sax.make_parser()
    # ruleid: xml-entities-resolved
    reader.setFeature(feature_external_ges, True)
    reader.parse(path)


def shut(data):
    # ok: xml-entities-resolved
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


def usual(data):
    # ok: xml-entities-resolved
    return etree.fromstring(data)


def sax_shut(reader):
    # ok: xml-entities-resolved
    reader.setFeature(feature_external_ges, False)
