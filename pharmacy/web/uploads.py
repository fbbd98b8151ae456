"""Files in forms: which routes take them, how large a request may be, and the field that reads one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, request
from wtforms import FileField
from wtforms.validators import StopValidation

from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.file_kinds import MOST_BYTES, FileKind, KeptFile, recognise_file

# A form may bring a few files at once beside its text.
_LARGEST_REQUEST = 3 * MOST_BYTES


def takes_files(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let the requests of a view be large enough for files; it stands above `requires`."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def register_uploads(app: Flask) -> None:
    """Raise the limit of a request's size on the routes that take files, before anything reads it."""

    @app.before_request
    def set_limit() -> None:
        if getattr(current_app.view_functions.get(request.endpoint or ""), "takes_files", False):
            request.max_content_length = _LARGEST_REQUEST


class UploadField(FileField):
    """A file; `file` is what was recognised, or None where nothing was chosen."""

    def __init__(
        self, label: str = "", validators: Any = (), *, kind: FileKind = FileKind.PHOTO, **kwargs: Any
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.kind = kind
        self.file: KeptFile | None = None

    def pre_validate(self, form: Any) -> None:
        """Recognise the file; refuses one that is empty, too large or of another kind."""
        if not getattr(self.data, "filename", ""):
            return
        try:
            self.file = recognise_file(
                self.data.filename, self.data.read(MOST_BYTES + 1), self.kind, field=self.short_name
            )
        except InvalidInput as refusal:
            raise StopValidation(refusal.sentence) from None


class FileGiven:
    """Refuse an empty choice, saying what is to be chosen: `Choose the photo.`"""

    def __init__(self, what: str) -> None:
        self.sentence = f"Choose {what}."

    def __call__(self, form: Any, field: UploadField) -> None:
        """Refuse when no file was chosen."""
        if field.file is None:
            raise StopValidation(self.sentence)
