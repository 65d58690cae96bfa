"""Logs: one JSON object a line (or colours on a terminal), with whatever context is bound.

    log = logs.logger(__name__)
    log.info("message handled", conversation=12, attempts=1)

Everything passes one redaction (`bot/telemetry/redaction.py`), third-party records and exception texts
included. Logs go to stderr: stdout belongs to what a command prints.
"""

import logging
import sys
from types import TracebackType
from typing import TextIO, cast

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

from bot.config.settings import Settings
from bot.telemetry import redaction

# Talk of theirs that is no news at our level: every request, every job that was looked at.
_CHATTY = (
    "httpx",
    "httpcore",
    "apscheduler",
    "alembic",
    "telegram",
    "twilio",
    "PIL",
    "matplotlib",
    "fontTools",
    "uvicorn.access",
)


class _Handler(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (logging's name)
        """A record that cannot be written is named, not shown: logging's own report prints its
        arguments as they are, secrets included."""
        try:
            self.stream.write(
                f'{{"event": "a log record could not be written", "logger": "{record.name}"}}\n'
            )
            self.flush()
        except (OSError, ValueError):
            pass  # the stream itself is gone; there is nobody left to tell


def logger(name: str) -> FilteringBoundLogger:
    """A logger whose records carry `name`; it may be made before `configure` was called."""
    return cast("FilteringBoundLogger", structlog.get_logger(name))


def configure(settings: Settings, stream: TextIO | None = None) -> None:
    """Sends our records and those of every library to `stream` (stderr); may be called again."""
    stream = stream or sys.stderr
    level = logging.getLevelNamesMapping()[settings.logging.level.upper()]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    ]
    finish: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        _redacting(settings),
        _renderer(settings, stream),
    ]
    handler = _Handler(stream)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=finish, foreign_pre_chain=shared))
    root = logging.getLogger()
    root.handlers[:] = [held for held in root.handlers if not isinstance(held, _Handler)]
    root.addHandler(handler)
    root.setLevel(level)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    logging.captureWarnings(True)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,  # a second `configure` must reach loggers that exist already
    )
    sys.excepthook = _last_words


def _renderer(settings: Settings, stream: TextIO) -> Processor:
    wanted = settings.logging.format
    if wanted == "console" or (wanted == "auto" and stream.isatty()):
        return structlog.dev.ConsoleRenderer(
            timestamp_key="time",
            colors=stream.isatty(),
            exception_formatter=structlog.dev.plain_traceback,  # the pretty one shows local variables
        )
    return structlog.processors.JSONRenderer()


def _redacting(settings: Settings) -> Processor:
    clean = redaction.redactor(settings.secrets())

    def processor(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        cleaned: EventDict = clean(event)
        return cleaned

    return processor


def _last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What ends the program is logged like everything else; Python's own report would not be redacted."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logger("bot").critical("the program ends with an error", exc_info=(kind, error, trace))
