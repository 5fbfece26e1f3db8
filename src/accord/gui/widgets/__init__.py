"""The kit that pages are made of."""

from accord.gui.widgets.buttons import ActionButton, Button, KeyButton, LinkList, Segmented
from accord.gui.widgets.chips import StatusChip, TagChip
from accord.gui.widgets.diff import DiffView
from accord.gui.widgets.editor import MessageEditor
from accord.gui.widgets.fields import AlphaField, FormRow, NumberField, SearchField
from accord.gui.widgets.funnel import Funnel, Stage
from accord.gui.widgets.layout import Card, EmptyState, Flow, Scrolled, column, line, row
from accord.gui.widgets.notices import NoticeLine, NoticeStack, PromptBar
from accord.gui.widgets.progress import ProgressLine
from accord.gui.widgets.table import PagedModel, TableView
from accord.gui.widgets.table_columns import Column
from accord.gui.widgets.text import PlainLabel, TextView, plain_tooltip

__all__ = [
    "ActionButton",
    "AlphaField",
    "Button",
    "Card",
    "Column",
    "DiffView",
    "EmptyState",
    "Flow",
    "FormRow",
    "Funnel",
    "KeyButton",
    "LinkList",
    "MessageEditor",
    "NoticeLine",
    "NoticeStack",
    "NumberField",
    "PagedModel",
    "PlainLabel",
    "ProgressLine",
    "PromptBar",
    "Scrolled",
    "SearchField",
    "Segmented",
    "Stage",
    "StatusChip",
    "TableView",
    "TagChip",
    "TextView",
    "column",
    "line",
    "plain_tooltip",
    "row",
]
