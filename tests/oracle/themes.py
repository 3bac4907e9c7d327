"""The words of the generated programs, so that they read like code that somebody wrote.

No parameter name says cache or memo or starts with an underscore: those are INC105, a matter of
naming that execution cannot judge.
"""

from __future__ import annotations

from typing import NamedTuple


class Theme(NamedTuple):
    """One domain. `values` are parameter names per kind of default; `items` are what gets added:
    no default holds one of them, so that adding one always shows."""

    package: str
    modules: tuple[str, ...]
    functions: tuple[str, ...]
    classes: tuple[str, ...]
    helpers: tuple[str, ...]
    types: tuple[str, ...]
    values: dict[str, tuple[str, ...]]
    names: tuple[str, ...]
    flags: tuple[str, ...]
    items: tuple[str, ...]
    item: str


THEMES = (
    Theme(
        "mailroom",
        ("sending", "templates", "accounts"),
        ("deliver", "send_message", "compose", "enqueue_mail"),
        ("Mailer", "Outbox", "Campaign"),
        ("prepare", "with_footer", "normalise", "resolve", "clean_up", "render", "inline", "audit"),
        ("Envelope", "Draft", "Signature", "Folder", "Postmark", "Digest"),
        {
            "list": ("attachments", "recipients"),
            "dict": ("headers", "context"),
            "set": ("tags", "seen_ids"),
            "bytes": ("payload", "raw"),
            "deque": ("pending", "backlog"),
            "object": ("tracker", "report"),
            "iter": ("lines", "chunks"),
        },
        ("parts", "message", "extra", "draft", "entry", "bundle", "current", "total", "piece"),
        ("urgent", "dry_run", "inline_images", "archived"),
        ('"logo.png"', '"invoice.pdf"'),
        "subject",
    ),
    Theme(
        "storefront",
        ("checkout", "pricing", "inventory"),
        ("add_to_basket", "quote", "place_order", "apply_offers"),
        ("Basket", "Checkout", "Promotion"),
        ("total_of", "discount", "validate", "reserve", "lookup", "round_up", "stock", "ship"),
        ("Order", "Voucher", "Parcel", "Shelf", "Receipt", "Quote"),
        {
            "list": ("items", "discounts"),
            "dict": ("quantities", "prices"),
            "set": ("vouchers", "categories"),
            "bytes": ("receipt", "barcode"),
            "deque": ("orders", "waiting"),
            "object": ("ledger", "statement"),
            "iter": ("rows", "offers"),
        },
        ("chosen", "order", "line", "stock", "amount", "offer", "partial_sum", "basket", "unit"),
        ("express", "gift", "taxed", "loyal"),
        ('"teapot"', '"kettle"'),
        "sku",
    ),
    Theme(
        "telemetry",
        ("exporter", "points", "filters"),
        ("record", "export_batch", "flush_points", "observe"),
        ("Exporter", "Meter", "Reporter"),
        ("encode", "merge", "relabel", "sample", "to_points", "strip", "describe", "window"),
        ("Batch", "Series", "Bucket", "Frame", "Gauge", "Span"),
        {
            "list": ("points", "labels"),
            "dict": ("attributes", "options"),
            "set": ("dimensions", "hosts"),
            "bytes": ("buffer", "frame"),
            "deque": ("window", "samples"),
            "object": ("summary", "histogram"),
            "iter": ("stream", "readings"),
        },
        ("point", "series", "known", "width", "selected", "value", "batch", "latest", "left"),
        ("compressed", "verbose", "final", "sampled"),
        ('"latency"', '"errors"'),
        "metric",
    ),
    Theme(
        "jobs",
        ("scheduler", "tasks", "retries"),
        ("submit", "run_task", "schedule", "retry_failed"),
        ("Scheduler", "Worker", "Pipeline"),
        ("claim", "ordered", "split", "expand", "unwrap", "collect", "check", "trace"),
        ("Job", "Attempt", "Lease", "Stage", "Slot", "Plan"),
        {
            "list": ("tasks", "steps"),
            "dict": ("params", "environment"),
            "set": ("done", "owners"),
            "bytes": ("blob", "state"),
            "deque": ("queue", "ready"),
            "object": ("journal", "stats"),
            "iter": ("batches", "events"),
        },
        ("task", "plan", "held", "attempt", "outcome", "stage", "group", "previous", "found"),
        ("force", "paused", "nightly", "isolated"),
        ('"backup"', '"reindex"'),
        "job_id",
    ),
)
