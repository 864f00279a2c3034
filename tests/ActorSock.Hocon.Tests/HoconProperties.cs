using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace ActorSock.Hocon.Tests;

public class HoconProperties
{
    // The same cases each time; change the seed to look further.
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithReplay(2026, 7).WithMaxTest(500);

    private static readonly string[] Fragments =
    [
        "a", "b", "a.b", "\"a\"", "\"\"", "=", ":", "+=", "{", "}", "[", "]", ",", "\n", " ", "#", "//",
        "${a}", "${?b}", "${a.b}", "${", "$", "\"\"\"", "\"", "\\", "\\u12", "1", "-", "1e", "null", "true",
        "include", "required(", "\"/nowhere.conf\"", ")", ".", "\0", "\u2028", "\ud800", "é", "10s", "?", "\t", "\r\n",
    ];

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Elements(
            "a", "b", "include", "null", "true", "1", "1.5", "", " x ", "a.b", "10s", "${a}", "é📦", "\ud800"),
        ArbMap.Default.GeneratorFor<string>().Where(text => text is not null));

    private static readonly Gen<HoconObject> Objects = ObjectsOf(Texts);

    private static readonly Gen<HoconStyle> Styles = Gen.Elements(Enum.GetValues<HoconStyle>());

    [Fact]
    public void What_is_written_is_read_back_the_same() =>
        Check.One(Thorough, Prop.ForAll(Objects.ToArbitrary(), Styles.ToArbitrary(), (value, style) =>
            Resolved(HoconDocument.Parse(value.Render(style))).Equals(value)));

    [Fact]
    public void JSON_is_what_the_JSON_parser_of_the_framework_reads() =>
        Check.One(Thorough, Prop.ForAll(ObjectsOf(Texts.Where(IsUnicode)).ToArbitrary(), value =>
        {
            var text = value.Render(HoconStyle.Json);
            var framework = JsonSerializer.Serialize(JsonDocument.Parse(text));
            return Resolved(HoconDocument.Parse(framework)).Equals(value);
        }));

    [Fact]
    public void Arbitrary_text_is_read_or_refused_but_never_breaks_anything() =>
        Check.One(Thorough.WithMaxTest(5000).WithEndSize(40), Prop.ForAll(
            Gen.Elements(Fragments).ListOf().Select(parts => string.Concat(parts)).ToArbitrary(),
            IsReadOrRefused));

    [Fact]
    public void Arbitrary_characters_are_read_or_refused_but_never_break_anything() =>
        Check.One(Thorough, Prop.ForAll(Texts.ToArbitrary(), IsReadOrRefused));

    [Fact]
    public void It_does_not_matter_how_layers_are_grouped() => HoldsForLayers((high, middle, low) =>
        (high.WithFallback(middle).WithFallback(low), high.WithFallback(middle.WithFallback(low))));

    [Fact]
    public void Layers_are_the_same_as_one_file_after_the_other() =>
        Check.One(Thorough, Prop.ForAll(Layers().ToArbitrary(), layers =>
        {
            var (high, middle, low) = (Document(layers[0]), Document(layers[1]), Document(layers[2]));
            var one = Document(string.Join('\n', layers.Reverse()));
            return Outcome(high.WithFallback(middle).WithFallback(low)) == Outcome(one);
        }));

    [Fact]
    public void What_is_resolved_can_be_laid_over_nothing_and_stays_the_same() =>
        HoldsForLayers((high, middle, low) =>
        {
            var all = high.WithFallback(middle).WithFallback(low);
            return (all, IsResolved(Outcome(all)) ? HoconDocument.Of(Resolved(all)) : all);
        });

    [Fact]
    public void A_path_is_read_back_the_same() =>
        Check.One(Thorough, Prop.ForAll(Texts.NonEmptyListOf().ToArbitrary(), elements =>
        {
            var path = new HoconPath(elements);
            return HoconPath.Parse(path.ToString()).Equals(path);
        }));

    private static Gen<HoconObject> ObjectsOf(Gen<string> texts)
    {
        var scalars = Gen.OneOf(
            texts.Select(HoconValue (text) => new HoconString(text)),
            ArbMap.Default.GeneratorFor<long>().Select(HoconValue (number) => new HoconNumber(number)),
            Gen.Elements<HoconValue>(
                new HoconNumber("-0.5e+3"), new HoconNull(), new HoconBoolean(true), new HoconBoolean(false)));
        return Gen.Choose(0, 3).SelectMany(Fields);

        Gen<HoconObject> Fields(int levels) =>
            from count in Gen.Choose(0, 4)
            from fields in Field(levels).ListOf(count)
            select new HoconObject(fields);

        Gen<KeyValuePair<string, HoconValue>> Field(int levels) =>
            from key in texts
            from value in Values(levels)
            select KeyValuePair.Create(key, value);

        Gen<HoconValue> Values(int levels) => levels == 0 ? scalars : Gen.OneOf(
            scalars,
            Fields(levels - 1).Select(HoconValue (fields) => fields),
            from count in Gen.Choose(0, 4)
            from items in Values(levels - 1).ListOf(count)
            select (HoconValue)new HoconArray(items));
    }

    private static void HoldsForLayers(
        Func<HoconDocument, HoconDocument, HoconDocument, (HoconDocument, HoconDocument)> sameTwice)
    {
        var resolved = 0;
        Check.One(Thorough, Prop.ForAll(Layers().ToArbitrary(), layers =>
        {
            var (one, other) = sameTwice(Document(layers[0]), Document(layers[1]), Document(layers[2]));
            var outcome = Outcome(one);
            resolved += IsResolved(outcome) ? 1 : 0;
            return outcome == Outcome(other);
        }));
        resolved.ShouldBeInRange(250, 499, "both what can be resolved and what cannot must be among the cases");
    }

    // Few keys and many references among them, so that merging, looking back and circles all happen; o and p are
    // objects, s and t texts, l and m arrays, so that most of it fits together.
    private static Gen<string[]> Layers()
    {
        string[] objects = ["{ x = 1 }", "{ y = ${?s} }", "${?p}", "${?o} { x = 2 }", "{ x = ${?o.y}z }", "null",
            "{ p = ${?p}, l += 4 }", "${?p} { y = ${?o.x} }", "{ x = ${s} }"];
        string[] texts = ["1", "a", "${?t}", "${?o.x}", "${?s}b", "${?p.y}${?t}", "${t}"];
        string[] arrays = ["[1]", "${?m}", "${?l} [2]", "[${?s}]", "${?o.l} ${?m}", "[{ l += ${?t} }]"];
        var field = Gen.OneOf(
            Fields(["o", "p", "o.p", "p.o"], objects),
            Fields(["s", "t", "o.x", "p.y"], texts),
            Fields(["l", "m", "o.l"], arrays),
            Gen.Elements("l += 3", "m += ${?s}", "o.l += 5"));
        var layer = Gen.Choose(0, 6).SelectMany(count => field.ListOf(count));
        return layer.Select(fields => string.Join('\n', fields)).ArrayOf(3);

        static Gen<string> Fields(string[] keys, string[] values) =>
            from key in Gen.Elements(keys)
            from value in Gen.Elements(values)
            select $"{key} = {value}";
    }

    private static HoconDocument Document(string text) => HoconDocument.Parse(text);

    private static HoconObject Resolved(HoconDocument document) => document.Resolve(_ => null);

    private static string Outcome(HoconDocument document)
    {
        try
        {
            return Resolved(document).Render();
        }
        catch (HoconException e)
        {
            // The place differs between one text and three.
            return "!" + e.Problem;
        }
    }

    private static bool IsResolved(string outcome) => !outcome.StartsWith('!');

    private static bool IsReadOrRefused(string text)
    {
        try
        {
            var value = HoconDocument.Parse(text).ResolveValue(Environment.GetEnvironmentVariable);
            return value.Render().Length >= 0;
        }
        catch (HoconException e)
        {
            return e.Message.Length > 0 && !e.Message.Contains('\n', StringComparison.Ordinal);
        }
    }

    private static bool IsUnicode(string text) =>
        text.EnumerateRunes().All(rune => rune != Rune.ReplacementChar);
}
