# ruff: noqa
import logging
import traceback

from fastapi import HTTPException
from flask import jsonify


def answer(work):
    try:
        return work()
    except Exception:
        # ruleid: stack-trace-sent
        return jsonify({"error": traceback.format_exc()}), 500


def answer_as_fault(work):
    try:
        return work()
    except Exception as error:
        trace = traceback.format_exc()
        # ruleid: stack-trace-sent
        raise HTTPException(status_code=500, detail=trace) from error


def logged(work):
    try:
        return work()
    except Exception:
        # ok: stack-trace-sent
        logging.error(traceback.format_exc())
        # ok: stack-trace-sent
        return jsonify({"error": "internal"}), 500
