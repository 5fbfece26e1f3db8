"""The one stylesheet, made from the tokens and the text scale."""

from string import Template

from accord.gui.tokens import Tokens, mix

_BASE = Template("""
* { outline: 0; }
QWidget { color: $text; }
QMainWindow, QWidget#page, QWidget#frame, QDialog { background: $window; }
QToolTip { background: $surface; color: $text; border: 1px solid $control; padding: ${p4}px ${p8}px; }
QLabel { background: transparent; }
QLabel[role="title"] { font-size: ${f20}px; font-weight: 600; }
QLabel[role="heading"] { font-size: ${f15}px; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="small"] { color: $muted; font-size: ${f12}px; }
QLabel[role="error"] { color: $rejected; }
QLabel[role="figure"] { font-size: ${f24}px; font-weight: 600; }
QLabel[role="kbd"] { color: $muted; background: $window; border: 1px solid $border; border-radius: 4px;
    padding: 0 ${p6}px; font-size: ${f12}px; }
QFrame[kind="card"] { background: $surface; border: 1px solid $border; border-radius: 6px; }
QFrame[kind="card"][chosen="true"] { border: 2px solid $primary; }
QFrame[kind="panel"] { background: $surface; border: none; }
QFrame[kind="line"] { background: $border; border: none; }
QFrame[kind="prompt"] { background: $prompt; border: none; border-bottom: 1px solid $border; }
QFrame[kind="notice"] { background: $surface; border: 1px solid $control; border-radius: 6px; }
QFrame[kind="notice"][tone="error"] { border: 1px solid $rejected; }
QFrame[kind="overlay"] { background: $surface; border: 1px solid $control; border-radius: 8px; }
QWidget#rail { background: $surface; border: none; border-right: 1px solid $border; }
QWidget#topbar { background: $surface; border: none; border-bottom: 1px solid $border; }
QWidget#statusbar { background: $surface; border: none; border-top: 1px solid $border; }
QWidget#drawer { background: $surface; border: none; border-top: 1px solid $border; }
QWidget#statusbar QLabel, QWidget#statusbar QPushButton { font-size: ${f12}px; }
""")

_CONTROLS = Template("""
QPushButton { background: $surface; color: $text; border: 1px solid $control; border-radius: 6px;
    padding: 0 ${p11}px; min-height: ${h30}px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $pressed; }
QPushButton:focus { border: 2px solid $primary; padding: 0 ${p10}px; min-height: ${h28}px; }
QPushButton:disabled { color: $disabled; border-color: $border; background: $window; }
QPushButton[kind="primary"] { background: $primary; color: $on_primary; border: 1px solid $primary; font-weight: 600; }
QPushButton[kind="primary"]:hover { background: $primary_hover; }
QPushButton[kind="primary"]:focus { border: 2px solid $ring_on_primary; }
QPushButton[kind="primary"]:disabled { background: $border; color: $muted; border-color: $border; }
QPushButton[kind="danger"] { color: $rejected; border-color: $rejected; }
QPushButton[kind="quiet"] { background: transparent; border: 1px solid transparent; padding: 0 ${p7}px; }
QPushButton[kind="quiet"]:hover { background: $hover; }
QPushButton[kind="quiet"]:focus { border: 2px solid $primary; padding: 0 ${p6}px; }
QPushButton[kind="quiet"]:disabled { background: transparent; }
QPushButton[kind="link"] { background: transparent; border: 2px solid transparent; border-radius: 4px; color: $primary;
    text-decoration: underline; padding: 0 ${p2}px; min-height: ${h20}px; text-align: left; }
QPushButton[kind="link"]:hover { color: $primary_hover; }
QPushButton[kind="link"]:focus { border: 2px solid $primary; padding: 0 ${p2}px; min-height: ${h20}px; }
QPushButton[measure="small"] { min-height: ${h24}px; max-height: ${h24}px; padding: 0 ${p7}px; font-size: ${f12}px; }
QPushButton[measure="small"]:focus { min-height: ${h22}px; max-height: ${h22}px; padding: 0 ${p6}px; }
QPushButton[measure="large"] { min-height: ${h44}px; padding: 0 ${p24}px; font-size: ${f15}px; }
QPushButton[measure="large"]:focus { min-height: ${h42}px; padding: 0 ${p23}px; }
QPushButton[measure="bar"], QPushButton[measure="bar"]:focus { min-height: ${h20}px; max-height: ${h20}px;
    padding: 0 ${p6}px; font-size: ${f12}px; }
QLineEdit, QComboBox, QAbstractSpinBox { background: $surface; color: $text; border: 1px solid $control;
    border-radius: 6px; padding: 0 ${p5}px; min-height: ${h30}px; selection-background-color: $selection;
    selection-color: $text; }
QLineEdit:hover, QComboBox:hover, QAbstractSpinBox:hover { border-color: $muted; }
QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus { border: 2px solid $primary; padding: 0 ${p4}px;
    min-height: ${h28}px; }
QLineEdit:read-only { background: $window; }
QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled { color: $disabled; background: $window;
    border-color: $border; }
QLineEdit[measure="large"], QLineEdit[measure="large"]:focus { font-size: ${f16}px; min-height: ${h40}px; border: none;
    padding: 0 ${p4}px; background: transparent; }
QLineEdit[wrong="true"] { border-color: $rejected; }
QPlainTextEdit, QTextEdit { background: $surface; color: $text; border: 1px solid $control; border-radius: 6px;
    padding: ${p5}px ${p7}px; selection-background-color: $selection; selection-color: $text; }
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid $primary; padding: ${p4}px ${p6}px; }
QTextEdit[kind="reading"] { background: transparent; border: 2px solid transparent; padding: 0;
    border-radius: 4px; }
QTextEdit[kind="reading"]:focus { border: 2px solid $primary; padding: 0; }
QAbstractSpinBox { padding: 0; max-height: ${h30}px; }
QAbstractSpinBox:focus { padding: 0; max-height: ${h28}px; }
QComboBox { padding: 0 ${p7}px; }
QComboBox:focus { padding: 0 ${p6}px; }
QComboBox::drop-down { border: none; width: ${h24}px; }
QComboBox::down-arrow { image: url("$icons/down-$name.svg"); width: ${h16}px; height: ${h16}px; }
QComboBox QAbstractItemView { margin: 0; background: $surface; border: 1px solid $control; border-radius: 0px;
    padding: ${p4}px; selection-background-color: $selected; selection-color: $text; outline: 0; }
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus { border: none; padding: 0; min-height: ${h20}px;
    background: transparent; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; background: transparent; width: ${h20}px; }
QAbstractSpinBox::up-arrow { image: url("$icons/up-$name.svg"); width: ${h12}px; height: ${h12}px; }
QAbstractSpinBox::down-arrow { image: url("$icons/down-$name.svg"); width: ${h12}px; height: ${h12}px; }
QCheckBox, QRadioButton { spacing: ${p8}px; background: transparent; border: 2px solid transparent; border-radius: 4px;
    padding: ${p2}px; min-height: ${h24}px; }
QCheckBox:focus, QRadioButton:focus { border-color: $primary; }
QCheckBox:disabled, QRadioButton:disabled { color: $disabled; }
QCheckBox::indicator, QRadioButton::indicator { width: ${h16}px; height: ${h16}px; background: $surface;
    border: 1px solid $muted; border-radius: 4px; }
QRadioButton::indicator { border-radius: ${h8}px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $primary; }
QCheckBox::indicator:checked, QRadioButton::indicator:checked { background: $primary; border-color: $primary; }
QCheckBox::indicator:checked { image: url("$icons/tick-$name.svg"); }
QRadioButton::indicator:checked { image: url("$icons/dot-$name.svg"); }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { background: $window; border-color: $border; }
""")

_VIEWS = Template("""
QAbstractItemView { background: $surface; color: $text; border: 1px solid $border; border-radius: 6px; margin: 1px;
    selection-background-color: $selected; selection-color: $text; }
QAbstractItemView:focus { border: 2px solid $primary; margin: 0; }
QListView::item, QTreeView::item { min-height: ${h28}px; padding: 0 ${p8}px; border: none; }
QListView::item:hover, QTreeView::item:hover { background: $hover; }
QListView::item:selected, QTreeView::item:selected { background: $selected; color: $text; }
QListView[kind="plain"], QListView[kind="plain"]:focus { border: none; margin: 0; background: transparent; }
QTableView { gridline-color: transparent; }
QHeaderView { background: $surface; border: none; border-top-left-radius: 6px; border-top-right-radius: 6px; }
QHeaderView::section { background: $surface; color: $muted; border: none; border-bottom: 1px solid $border;
    padding: 0 ${p8}px; min-height: ${h28}px; font-size: ${f12}px; text-align: left; }
QHeaderView::section:hover { color: $text; background: $hover; }
QTableCornerButton::section { background: $surface; border: none; }
QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget#scrolled { background: transparent; }
QScrollBar:vertical { background: transparent; width: ${h12}px; margin: 0; border: none; }
QScrollBar:horizontal { background: transparent; height: ${h12}px; margin: 0; border: none; }
QScrollBar::handle { background: $control; border-radius: ${h3}px; margin: ${h3}px; }
QScrollBar::handle:vertical { min-height: ${h32}px; }
QScrollBar::handle:horizontal { min-width: ${h32}px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: $border; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QSplitter::handle:hover { background: $primary; }
QMenu { background: $surface; border: 1px solid $control; padding: ${p4}px; }
QMenu::item { padding: ${p6}px ${p24}px ${p6}px ${p12}px; border-radius: 4px; }
QMenu::item:selected { background: $selected; }
QMenu::separator { height: 1px; background: $border; margin: ${p4}px; }
QTabWidget::pane { border: none; border-top: 1px solid $border; }
QTabBar::tab { background: transparent; color: $muted; padding: 0 ${p12}px; min-height: ${h30}px; border: none;
    border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $primary; }
QTabBar:focus { border: 2px solid $primary; }
QSlider::groove:horizontal { height: 4px; background: $border; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $primary; border-radius: 2px; }
QSlider::handle:horizontal { background: $primary; width: ${h14}px; height: ${h14}px; margin: -${h5}px 0;
    border-radius: ${h7}px; }
QSlider:focus { border: 2px solid $primary; border-radius: 4px; }
""")


def stylesheet(of: Tokens, scale: int, icons: str) -> str:
    """Return the stylesheet for a theme; ``scale`` in percent; ``icons`` the folder of the arrows and ticks."""

    def px(size: int) -> str:
        return str(max(1, round(size * scale / 100)))

    sizes = {f"{kind}{n}": px(n) for kind in "pfh" for n in range(2, 45)}
    colors = {field: getattr(of, field) for field in of.__dataclass_fields__}
    derived = {n: getattr(of, n) for n in ("hover", "pressed", "control", "primary_hover", "disabled", "placeholder")}
    more = {
        "prompt": mix(of.surface, of.selected, 0.6),
        "selection": mix(of.selected, of.primary, 0.22),
        "ring_on_primary": mix(of.primary, of.text, 0.7) if of.dark else of.text,
        "icons": icons,
    }
    values = {**sizes, **colors, **derived, **more}
    return "".join(part.substitute(values) for part in (_BASE, _CONTROLS, _VIEWS))
