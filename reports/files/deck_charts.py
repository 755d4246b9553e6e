"""Charts of slides: native, so that they can be edited, with names beside the curves instead of a legend."""

import math
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from pptx.chart.data import CategoryChartData
from pptx.chart.datalabel import DataLabel
from pptx.chart.xlsx import CategoryWorkbookWriter
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.enum.chart import XL_TICK_LABEL_POSITION as TICK_LABELS
from pptx.enum.chart import XL_TICK_MARK as TICK
from pptx.enum.shapes import MSO_CONNECTOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.oxml.ns import qn as tag
from pptx.util import Emu, Inches, Pt
from xlsxwriter import Workbook

from reports.files.axis import Axis, axis_of
from reports.files.deck import INK, LEAST, MUTED, RULE, describe, text
from reports.files.spread import spread
from reports.words.dates import month_step
from reports.words.palette import as_text, readable_on
from reports.words.plain import printable, typeset
from reports.words.text import amount, odds

SIZE = LEAST  # of everything written in a chart
NAME_LETTERS, NAME_LINES = 29, (3, 2, 1)  # of a name beside its curve: letters in a line, most lines
LEVEL = "600"  # 0.01 degree: LibreOffice breaks quite level numbers in two, and skips those that do not fit else
SPREAD_PARTS = ("Up to 5 %", "5 % to 25 %", "25 % to 75 %", "75 % to 95 %")  # of the draws
PALE = 0.6  # how far towards white
LABELLED = 0.12  # of the axis: a shorter part of a bar has no room for its amount
ON_PAPER = (  # behind a label that curves would cross
    f'<c:spPr {nsdecls("c", "a")}><a:solidFill><a:srgbClr val="FFFFFF"><a:alpha val="80000"/></a:srgbClr></a:solidFill>'
    "</c:spPr>"
)
AT_END = Inches(1.75)  # the widest that is written at the end of a bar: 'more than 99.9 %'


@dataclass(frozen=True)
class Box:
    """A place on a slide, in EMU."""

    left: Emu
    top: Emu
    width: Emu
    height: Emu


class _TextOnly(CategoryWorkbookWriter):
    """The sheet behind a chart, in which no name is taken for a formula or a link."""

    @contextmanager
    def _open_worksheet(self, xlsx_file):
        book = Workbook(xlsx_file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        yield book, book.add_worksheet()
        book.close()


class _Data(CategoryChartData):
    @property
    def _workbook_writer(self):
        return _TextOnly(self)


def lines(slide, box: Box, months: Sequence[str], curves: Sequence[tuple[str, np.ndarray]], colours: Sequence[str],
          marks: Sequence[tuple[int, float, str]], name: str, alt: str) -> None:  # fmt: skip
    """Curves over the months with their names at the right end; `marks` are (position, value, text)."""
    data = _Data(number_format="General")
    data.categories = months
    for label, values in curves:
        data.add_series(printable(label), values.tolist())
    layers = _layers(marks)
    for layer in layers:
        points: list[float | None] = [None] * len(months)
        for month, value, _ in layer:
            points[month] = value
        data.add_series("Crossings", points)
    axis = axis_of(min(float(v.min()) for _, v in curves), max(float(v.max()) for _, v in curves))
    chart = _chart(slide, XL_CHART_TYPE.LINE, box, data, name, alt)
    inner = (0.075, 0.04, 0.685, 0.82)
    _plot_area(chart, inner)
    _value_axis(chart, axis)
    _months(chart, len(dict.fromkeys(months)) - 1)
    for series, colour in zip(chart.plots[0].series, colours, strict=False):
        series.smooth = False
        series.format.line.width = Pt(2.25)
        series.format.line.color.rgb = _rgb(colour)
        series.marker.style = XL_MARKER_STYLE.NONE
    for series, layer in zip(list(chart.plots[0].series)[len(curves) :], layers, strict=True):
        _mark(series, layer)
    _names(slide, box, inner, axis, [(label, float(v[-1])) for label, v in curves], colours)


def stacked(slide, box: Box, labels: Sequence[str], groups: Mapping[str, Sequence[float]], colours: Mapping[str, str],
            name: str, alt: str) -> None:  # fmt: skip
    """Bars of one total each, stacked by group; credits to the left of zero; the total at the end of the bar."""
    data = _Data(number_format="General")
    data.categories = [printable(label) for label in labels]
    for group, values in groups.items():
        data.add_series(group, values)
    stack = np.array(list(groups.values())).reshape(len(groups), len(labels))
    ends = np.where(stack > 0, stack, 0).sum(axis=0)
    axis = axis_of(float(np.where(stack < 0, stack, 0).sum(axis=0).min(initial=0)), float(ends.max(initial=0)))
    chart = _chart(slide, XL_CHART_TYPE.BAR_STACKED, box, data, name, alt)
    inner = (0.2, 0.02, 0.57, 0.88)
    _plot_area(chart, inner)
    _value_axis(chart, axis)
    _bars(chart, len(labels))
    chart.plots[0].overlap = 100
    for series, group in zip(chart.plots[0].series, groups, strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = _rgb(colours[group])
        series.invert_if_negative = False
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.RIGHT, False
    chart.legend.font.size, chart.legend.font.color.rgb = Pt(SIZE), _rgb(INK)
    for i, largest in enumerate(stack.argmax(axis=0)):
        if stack[largest, i] > LABELLED * (axis.high - axis.low):  # it is what titles speak of
            letters, series = readable_on(colours[list(groups)[largest]]), chart.plots[0].series[int(largest)]
            _label(series, i, amount(stack[largest, i]), letters).position = XL_LABEL_POSITION.CENTER
    for i, (end, total) in enumerate(zip(ends, stack.sum(axis=0), strict=True)):
        _at_bar_end(slide, box, inner, axis.share(end), (len(labels) - 0.5 - i) / len(labels), amount(total))


def waterfall(slide, box: Box, labels: Sequence[str], amounts: Sequence[float], said: Sequence[str],
              colours: Sequence[str], name: str, alt: str) -> None:  # fmt: skip
    """Floating bars from the first amount by what is added and taken off to the last, from top to bottom.

    `said` stands at the end of each bar; the last amount is where the changes lead.
    """
    before, length = floating(amounts)
    data = _Data(number_format="General")
    data.categories = [printable(label) for label in labels[::-1]]
    data.add_series("Up to", before[::-1].tolist())
    data.add_series("Amount", length[::-1].tolist())
    chart = _chart(slide, XL_CHART_TYPE.BAR_STACKED, box, data, name, alt)
    inner, axis = (0.28, 0.02, 0.62, 0.9), axis_of(0, float((before + length).max()))
    _plot_area(chart, inner)
    _value_axis(chart, axis)
    _bars(chart, len(labels))
    chart.plots[0].overlap, chart.plots[0].gap_width = 100, 35
    hidden, shown = chart.plots[0].series
    hidden.format.fill.background()
    for i, colour in enumerate(colours[::-1]):
        shown.points[i].format.fill.solid()
        shown.points[i].format.fill.fore_color.rgb = _rgb(colour)
    for i, (end, words) in enumerate(zip(before + length, said, strict=True)):
        _at_bar_end(slide, box, inner, axis.share(float(end)), (i + 0.5) / len(labels), words)


def floating(amounts: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """(where the bar of each begins, how long it is) of a first amount, its changes, and the last amount."""
    reached = np.cumsum(amounts[:-1])
    before = np.concatenate([[0], np.minimum(reached[:-1], reached[1:]), [0]])
    return before, np.abs(np.asarray(amounts, float))


def shares(slide, box: Box, labels: Sequence[str], values: Sequence[float], colours: Sequence[str], name: str,
           alt: str) -> None:  # fmt: skip
    """A bar of its own colour for each share, 0 to 100 %, with the figure at its end."""
    data = _Data(number_format="0 %")
    data.categories = [printable(label) for label in labels]
    data.add_series("Share", values)
    chart = _chart(slide, XL_CHART_TYPE.BAR_CLUSTERED, box, data, name, alt)
    inner = (0.3, 0.02, 0.55, 0.94)
    _plot_area(chart, inner)
    _value_axis(chart, Axis(0, 1, 0.25, "0 %"))
    _bars(chart, len(labels))
    series = chart.plots[0].series[0]
    for i, colour in enumerate(colours):
        series.points[i].format.fill.solid()
        series.points[i].format.fill.fore_color.rgb = _rgb(colour)
    for i, value in enumerate(values):
        _at_bar_end(slide, box, inner, value, (len(labels) - 0.5 - i) / len(labels), odds(value))
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False


def spreads(slide, box: Box, labels: Sequence[str], quantiles: Sequence[Sequence[float]], today: Sequence[float],
            colours: Sequence[str], name: str, alt: str) -> None:  # fmt: skip
    """A floating bar of its own colour for each row of four quantiles: ends pale, a line and a figure for `today`."""
    steps = np.diff([[0, *row] for row in quantiles])
    data = _Data(number_format="General")
    data.categories = [printable(label) for label in labels]
    for part, values in zip(SPREAD_PARTS, steps.T, strict=True):
        data.add_series(part, values.tolist())
    chart = _chart(slide, XL_CHART_TYPE.BAR_STACKED, box, data, name, alt)
    inner, axis = (0.34, 0.02, 0.52, 0.9), axis_of(0, max(*today, *(row[-1] for row in quantiles)))
    _plot_area(chart, inner)
    _value_axis(chart, axis)
    _bars(chart, len(labels))
    chart.plots[0].overlap = 100
    before, *parts = chart.plots[0].series
    before.format.fill.background()
    for series, paleness in zip(parts, (PALE, 0, PALE), strict=True):
        for i, colour in enumerate(colours):
            series.points[i].format.fill.solid()
            series.points[i].format.fill.fore_color.rgb = _rgb(colour)
            series.points[i].format.fill.fore_color.brightness = paleness
    for i, (value, (*_, high)) in enumerate(zip(today, quantiles, strict=True)):
        y = (len(labels) - 0.5 - i) / len(labels)
        _line_across(slide, box, inner, axis.share(value), y, 0.72 / len(labels))
        _at_bar_end(slide, box, inner, axis.share(max(high, value)), y, f"{amount(value)} today")


def _chart(slide, kind, box: Box, data: _Data, name: str, alt: str):
    frame = slide.shapes.add_chart(kind, box.left, box.top, box.width, box.height, data)
    describe(frame, name, alt)
    chart = frame.chart
    chart.has_legend = chart.has_title = False
    chart.font.size, chart.font.color.rgb = Pt(SIZE), _rgb(MUTED)
    return chart


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.lstrip("#").upper())


def _plot_area(chart, inner: tuple[float, float, float, float]) -> None:
    """Fix where the plot lies in the chart, so that what is written beside it stays beside it."""
    area = chart._chartSpace.chart.plotArea
    old = area.find(tag("c:layout"))
    if old is not None:
        area.remove(old)
    x, y, w, h = inner
    area.insert(0, parse_xml(
        f'<c:layout {nsdecls("c")}><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/>'
        f'<c:yMode val="edge"/><c:x val="{x}"/><c:y val="{y}"/><c:w val="{w}"/><c:h val="{h}"/></c:manualLayout>'
        "</c:layout>"
    ))  # fmt: skip


def _value_axis(chart, axis: Axis) -> None:
    values = chart.value_axis
    values.minimum_scale, values.maximum_scale, values.major_unit = axis.low, axis.high, axis.step
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = axis.format, False
    values.has_major_gridlines = True
    values.major_gridlines.format.line.color.rgb, values.major_gridlines.format.line.width = _rgb(RULE), Pt(0.5)
    values.format.line.fill.background()
    values.major_tick_mark = values.minor_tick_mark = TICK.NONE


def _months(chart, last: int) -> None:
    months = chart.category_axis
    months.major_tick_mark, months.minor_tick_mark = TICK.OUTSIDE, TICK.NONE
    months.format.line.color.rgb, months.format.line.width = _rgb(MUTED), Pt(0.75)
    months.tick_label_position = TICK_LABELS.LOW
    months.has_title = True
    months.axis_title.text_frame.text = "End of the month"
    run = months.axis_title.text_frame.paragraphs[0].runs[0]
    run.font.size, run.font.bold, run.font.color.rgb = Pt(SIZE), False, _rgb(MUTED)
    step = month_step(last)
    offset = months._element.find(tag("c:lblOffset"))
    for name in ("c:tickMarkSkip", "c:tickLblSkip"):
        offset.addnext(parse_xml(f'<{name} {nsdecls("c")} val="{step}"/>'))
    months.tick_labels.font.size = Pt(SIZE)
    months._element.find(f"{tag('c:txPr')}/{tag('a:bodyPr')}").set("rot", LEVEL)
    between = chart.value_axis._element.find(tag("c:crossBetween"))
    if between is None:
        between = parse_xml(f"<c:crossBetween {nsdecls('c')}/>")
        chart.value_axis._element.find(tag("c:crosses")).addnext(between)
    between.set("val", "midCat")  # curves begin at the axis


def _bars(chart, count: int) -> None:
    names = chart.category_axis
    names.major_tick_mark = names.minor_tick_mark = TICK.NONE
    names.format.line.color.rgb, names.format.line.width = _rgb(MUTED), Pt(0.75)
    names.tick_label_position = TICK_LABELS.LOW
    names.tick_labels.font.size = Pt(SIZE)
    names.tick_labels.font.color.rgb = _rgb(INK)
    chart.plots[0].gap_width = 70


def _layers(marks: Sequence[tuple[int, float, str]]) -> list[list[tuple[int, float, str]]]:
    """The marks in as few series as hold one value a month each."""
    layers: list[list[tuple[int, float, str]]] = []
    for mark in marks:
        free = next((layer for layer in layers if all(month != mark[0] for month, *_ in layer)), None)
        if free is None:
            layers.append(free := [])
        free.append(mark if free is layers[0] else (*mark[:2], ""))
    return layers


def _mark(series, marks: Sequence[tuple[int, float, str]]) -> None:
    series.format.line.fill.background()
    series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 7
    series.marker.format.fill.solid()
    series.marker.format.fill.fore_color.rgb = _rgb(INK)
    series.marker.format.line.color.rgb = _rgb("FFFFFF")
    for month, _, words in filter(lambda mark: mark[2], marks):
        label = _label(series, month, typeset(words), INK)
        label.position = XL_LABEL_POSITION.ABOVE
        label._dLbl.find(tag("c:tx")).addnext(parse_xml(ON_PAPER))


def _label(series, point: int, words: str, colour: str) -> DataLabel:
    """Words at a point of a series."""
    label = series.points[point].data_label
    label.has_text_frame = True
    label.text_frame.text = words
    run = label.text_frame.paragraphs[0].runs[0]
    run.font.size, run.font.bold, run.font.color.rgb = Pt(SIZE), True, _rgb(colour)
    return label


def _names(slide, box: Box, inner: tuple[float, ...], axis: Axis, ends: Sequence[tuple[str, float]],
           colours: Sequence[str]) -> None:  # fmt: skip
    """Each curve's name and last value beside its end, moved apart where ends lie close together."""
    top, room = box.top + box.height * inner[1], box.height
    for most in NAME_LINES:
        wordings = [_fitting(label, amount(value), NAME_LETTERS * most) for label, value in ends]
        heights = [Pt(SIZE * 1.25) * math.ceil(len(words) / NAME_LETTERS) + Pt(2) for words in wordings]
        if sum(heights) <= room:
            break
    wanted = [top + box.height * inner[3] * (1 - axis.share(value)) for _, value in ends]
    middles = spread(wanted, heights, box.top, box.top + room)
    left = Emu(int(box.left + box.width * (inner[0] + inner[2]) + Inches(0.12)))
    for words, colour, middle, height in zip(wordings, colours, middles, heights, strict=False):
        text(slide, words, left, Emu(int(middle - height / 2)), Emu(int(box.left + box.width - left)),
             Emu(int(height)), size=SIZE, colour=as_text(colour)[1:].upper(), bold=True, middle=True)  # fmt: skip


def _fitting(label: str, amount: str, letters: int) -> str:
    label, room = printable(label), letters - len(amount) - 1
    shown = label if len(label) <= room else f"{label[: room - 1]}\u2026"
    return f"{shown} {amount}"


def _line_across(slide, box: Box, inner: tuple[float, ...], x: float, y: float, long: float) -> None:
    """A line across a bar of the plot; places and length are shares of it."""
    at, tall = box.left + box.width * (inner[0] + inner[2] * x), box.height * inner[3] * long
    top = box.top + box.height * (inner[1] + inner[3] * y) - tall / 2
    line = slide.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, *(Emu(int(v)) for v in (at, top, at, top + tall)))
    line.line.width, line.line.color.rgb, line.name = Pt(2), _rgb(INK), "Today"


def _at_bar_end(slide, box: Box, inner: tuple[float, ...], x: float, y: float, words: str) -> None:
    left = box.left + box.width * (inner[0] + inner[2] * x) + Inches(0.08)
    middle = box.top + box.height * (inner[1] + inner[3] * y)
    room = min(AT_END, box.left + box.width - left)
    text(slide, words, Emu(int(left)), Emu(int(middle - Inches(0.12))), Emu(int(room)), Inches(0.24), size=SIZE + 1,
         bold=True, middle=True, name=f"Total {words}")  # fmt: skip
