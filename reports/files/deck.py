"""The plain slide: one typeface, a title that is a sentence, thin rules, much white. Knows PowerPoint, not costs."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from xml.sax.saxutils import escape

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.oxml.ns import qn as tag
from pptx.util import Emu, Inches, Pt

from reports.words.palette import OPTION_COLOURS
from reports.words.plain import printable, typeset

TYPEFACE = "Arial"  # on every machine, or replaced by one of the same widths
INK, MUTED, RULE, PALE, LINK = "1B1E22", "5B626B", "D9DCE0", "F5F6F7", "1F5A9E"
WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
LEFT, RIGHT = Inches(0.6), Inches(12.733)
TOP, BOTTOM = Inches(1.72), Inches(6.85)  # of the room for content
ACROSS = RIGHT - LEFT
FOOT = ACROSS - Inches(0.5)  # what the slide's number leaves
TITLE_TOP, TITLE_HEIGHT = Inches(0.62), Inches(0.92)
LEAST = 12  # points: what is smaller cannot be read across a room
TITLE_SIZES = ((58, 26), (64, 24), (140, 22), (190, 18), (10_000, 15))  # longest title, points


class Deck:
    """A presentation to which slides are added; `footer` stands at the foot of each."""

    def __init__(self, title: str, footer: str, on: date):
        self._footer, self._part = printable(footer), ""
        self.titles: list[str] = []
        self._file = Presentation()
        self._file.slide_width, self._file.slide_height = WIDTH, HEIGHT
        self._layout = _plain_layout(self._file)
        _drop(self._file.part.package, RELATIONSHIP_TYPE.THUMBNAIL)  # both of the library's own template
        _drop(self._file.part, RELATIONSHIP_TYPE.PRINTER_SETTINGS)
        properties = self._file.core_properties
        properties.title, properties.author, properties.last_modified_by = printable(title), "Crossover", "Crossover"
        properties.created = properties.modified = datetime(on.year, on.month, on.day)

    def begin(self, part: str) -> None:
        """Name the part of the deck that the slides from here on belong to, before their kickers."""
        self._part = f"{part} \u00b7 "

    def slide(self, kicker: str, title: str, notes: Iterable[str]):
        """A new slide with a small line above its title; `notes` are paragraphs for the speaker."""
        slide = self._file.slides.add_slide(self._layout)
        heading = slide.shapes.title
        self.titles.append(title)
        title = printable(title).removesuffix(".")
        heading.text_frame.text = typeset(title)
        size = next(points for longest, points in TITLE_SIZES if len(title) <= longest)
        heading.text_frame.paragraphs[0].runs[0].font.size = Pt(size)
        text(
            slide,
            f"{self._part}{kicker}".upper(),
            LEFT,
            Inches(0.34),
            ACROSS,
            Inches(0.28),
            size=LEAST,
            colour=MUTED,
            name="Section",
        )
        number = len(self._file.slides)
        at = LEFT, Inches(7.06), FOOT, Inches(0.26)
        text(slide, self._footer, *at, size=LEAST, colour=MUTED, name="Footer")
        text(slide, str(number), RIGHT - Inches(1), Inches(7.06), Inches(1), Inches(0.26), size=LEAST, colour=MUTED,
             right=True, name="Slide number")  # fmt: skip
        slide.notes_slide.notes_text_frame.text = "\n".join(typeset(printable(note)) for note in notes if note)
        return slide

    def save(self, stream) -> None:
        """Write the file."""
        self._file.save(stream)


def text(slide, words: str, left: Emu, top: Emu, width: Emu, height: Emu, *, size: float = 12, colour: str = INK,
         bold: bool = False, right: bool = False, middle: bool = False, name: str = ""):  # fmt: skip
    """A line or paragraph of text without a box around it."""
    box = slide.shapes.add_textbox(left, top, width, height)
    box.name = name or printable(words)[:40]
    frame = box.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE if middle else MSO_ANCHOR.TOP
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    run = paragraph.add_run()
    run.text = typeset(printable(words))
    run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, RGBColor.from_string(colour)
    return box


def link_in_notes(slide, words: str, address: str) -> None:
    """A last paragraph of the speaker's notes that leads to a file or a page."""
    run = slide.notes_slide.notes_text_frame.add_paragraph().add_run()
    run.text = printable(words)
    run.hyperlink.address = address


def describe(frame, name: str, words: str) -> None:
    """Give a chart or table its name and what it shows in words, for those who cannot see it."""
    properties = frame._element.nvGraphicFramePr.cNvPr
    properties.set("name", name)
    properties.set("descr", printable(words))


def _drop(holder, kind: str) -> None:
    for key in [key for key, relation in holder._rels.items() if relation.reltype == kind]:
        holder._rels.pop(key)


def _plain_layout(file):
    """The one layout, with the title at the top left, rules below it and above the footer; the others go."""
    master = file.slide_master
    layout = next(layout for layout in master.slide_layouts if layout.name == "Title Only")
    for other in [other for other in master.slide_layouts if other is not layout]:
        master.slide_layouts.remove(other)
    for holder in (master, layout):
        for shape in list(holder.placeholders):
            if shape.placeholder_format.type.name in ("DATE", "FOOTER", "SLIDE_NUMBER"):
                shape._element.getparent().remove(shape._element)
    title = next(shape for shape in master.placeholders if shape.placeholder_format.type.name == "TITLE")
    title.left, title.top, title.width, title.height = LEFT, TITLE_TOP, ACROSS, TITLE_HEIGHT
    body = title._element.txBody.find(tag("a:bodyPr"))
    for side in ("lIns", "tIns", "rIns", "bIns"):
        body.set(side, "0")
    body.set("anchor", "t")
    _style_title(master)
    _theme(master)
    for y in (Inches(1.58), Inches(6.98)):
        layout.shapes._spTree.append(_rule(y))
    return layout


def _style_title(master) -> None:
    style = master._element.find(f"{tag('p:txStyles')}/{tag('p:titleStyle')}/{tag('a:lvl1pPr')}")
    style.set("algn", "l")
    properties = style.find(tag("a:defRPr"))
    properties.set("sz", "2600")
    properties.set("b", "1")


def _theme(master) -> None:
    """Typeface and palette of the theme, so that whatever is added later looks the same."""
    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    xml = part.blob.decode("utf-8")
    xml = re.sub(r'(<a:(?:major|minor)Font>\s*<a:latin typeface=")[^"]*', rf"\g<1>{TYPEFACE}", xml)
    palette = {f"accent{i + 1}": colour.lstrip("#").upper() for i, colour in enumerate(OPTION_COLOURS[:6])}
    palette |= {"dk1": INK, "dk2": MUTED, "lt2": PALE, "hlink": LINK, "folHlink": LINK}
    for name, colour in palette.items():
        entry = f'<a:{name}><a:srgbClr val="{colour}"/></a:{name}>'
        xml = re.sub(rf"<a:{name}>.*?</a:{name}>", entry, xml, flags=re.DOTALL)
    part._blob = xml.encode("utf-8")


def _rule(y: Emu):
    return parse_xml(
        f'<p:cxnSp {nsdecls("p", "a")}><p:nvCxnSpPr><p:cNvPr id="{100 + y // 100_000}" name="Rule"/><p:cNvCxnSpPr/>'
        f'<p:nvPr userDrawn="1"/></p:nvCxnSpPr><p:spPr><a:xfrm><a:off x="{LEFT}" y="{y}"/>'
        f'<a:ext cx="{ACROSS}" cy="0"/></a:xfrm><a:prstGeom prst="line"><a:avLst/></a:prstGeom><a:ln w="6350">'
        f'<a:solidFill><a:srgbClr val="{RULE}"/></a:solidFill></a:ln></p:spPr></p:cxnSp>'
    )


def safe_xml(words: str) -> str:
    """Text for use inside XML."""
    return escape(typeset(printable(words)))
