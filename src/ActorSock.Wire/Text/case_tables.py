"""Prints CaseTable.Generated.cs from what this Python's own str.title() and str.lower() do.

    python3 case_tables.py > CaseTable.Generated.cs
    python3 case_tables.py --assigned > assigned.txt

Nothing but behaviour is asked: whether a character is cased shows in whether the letter behind it stays
small, whether it is case-ignorable in whether a final sigma looks through it. The Unicode version is
therefore that of the Python that runs this. The second form prints the ranges of code points that this
version assigns, for tests against a Python of another version.
"""
import sys
import unicodedata

LEAF = 16  # code points in a leaf
BRANCH = 16  # leaves in a branch
PLAIN_END = 0x20000  # above it only the tags and variation selectors of plane 14 say anything
PLANE_14, PLANE_14_END = 0xE0000, 0xE0200

CASED, CASE_IGNORABLE, FULL_TITLE, FULL_LOWER = 1, 2, 4, 8


def record(code_point):
    """The traits, title mapping and lower mapping of one code point; a mapping is a difference or UTF-8."""
    c = chr(code_point)
    traits = 0
    if (c + "a").title()[-1] == "a":
        traits |= CASED
    # Looked through, the character hides neither the A behind it nor the end of the text.
    if ("A\u03a3" + c + "A").lower()[1] == "\u03c3" and ("A\u03a3" + c).lower()[1] == "\u03c2":
        traits |= CASE_IGNORABLE
    title, lower = c.title(), c.lower()
    if len(title) == 1:
        title = ord(title) - code_point
    else:
        title, traits = title.encode(), traits | FULL_TITLE
    if len(lower) == 1:
        lower = ord(lower) - code_point
    else:
        lower, traits = lower.encode(), traits | FULL_LOWER
    return traits, title, lower


def numbered(kinds, item):
    """The number of an item among the kinds seen so far."""
    return kinds.setdefault(item, len(kinds))


def grouped(values, size):
    return [tuple(values[at:at + size]) for at in range(0, len(values), size)]


def literal(name, item_type, summary, values):
    yield ""
    yield f"    // {summary}"
    yield f"    private static ReadOnlySpan<{item_type}> {name} =>"
    yield "    ["
    line = "       "
    for value in values:
        if len(line) + len(f" {value},") > 110:
            yield line
            line = "       "
        line += f" {value},"
    yield line
    yield "    ];"


def tables():
    everything = [record(code_point) for code_point in range(sys.maxunicode + 1)]
    nothing = (0, 0, 0)
    kinds = {nothing: 0}
    numbers = [numbered(kinds, each) for each in everything]
    assert len(kinds) <= 256, "a record's number is a byte"
    assert [kind for kind in kinds if not kind[0]] == [nothing], "a mapping means a trait"
    assert not any(numbers[PLAIN_END:PLANE_14]) and not any(numbers[PLANE_14_END:])

    leaves, branches = {}, {}
    covered = numbers[:PLAIN_END] + numbers[PLANE_14:PLANE_14_END]
    leaf_numbers = [numbered(leaves, leaf) for leaf in grouped(covered, LEAF)]
    roots = [numbered(branches, branch) for branch in grouped(leaf_numbers, BRANCH)]
    assert len(branches) <= 256, "a branch's number is a byte"

    mappings = bytearray()

    def place(mapping):
        if isinstance(mapping, int):
            return mapping
        mappings.append(len(mapping))
        mappings.extend(mapping)
        return len(mappings) - len(mapping) - 1

    titles = [place(title) for _, title, _ in kinds]
    lowers = [place(lower) for _, _, lower in kinds]

    yield "// Printed by case_tables.py: run it again instead of changing this file."
    yield "namespace ActorSock.Wire.Text;"
    yield ""
    yield "internal static partial class CaseTable"
    yield "{"
    yield "    /// <summary>The version of Unicode that these tables are of.</summary>"
    yield f'    public const string UnicodeVersion = "{unicodedata.unidata_version}";'
    yield from literal("Roots", "byte", f"The branch of each {LEAF * BRANCH} code points.", roots)
    yield from literal("Branches", "ushort", f"The leaf of each {LEAF} code points, {BRANCH} to a branch.",
                       [leaf for branch in branches for leaf in branch])
    yield from literal("Leaves", "byte", f"The record of each code point, {LEAF} to a leaf.",
                       [number for leaf in leaves for number in leaf])
    yield from literal("TraitsOf", "byte", "CaseTraits, by record.", [traits for traits, _, _ in kinds])
    yield from literal("Titles", "int", "What to add for title case, or a place in Mappings.", titles)
    yield from literal("Lowers", "int", "What to add for lower case, or a place in Mappings.", lowers)
    yield from literal("Mappings", "byte", "Mappings to several characters: a length in bytes, then UTF-8.",
                       mappings)
    yield "}"


def assigned():
    """One line for each range of assigned code points: first and last in hex."""
    first = None
    for code_point in range(sys.maxunicode + 2):
        is_assigned = code_point <= sys.maxunicode and unicodedata.category(chr(code_point)) != "Cn"
        if is_assigned and first is None:
            first = code_point
        elif not is_assigned and first is not None:
            yield f"{first:X} {code_point - 1:X}"
            first = None


if __name__ == "__main__":
    # Line feeds on every system: what is printed is compared byte by byte.
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    print("\n".join(assigned() if "--assigned" in sys.argv else tables()))
