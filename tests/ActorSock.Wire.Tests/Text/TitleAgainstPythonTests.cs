using System.Text;
using ActorSock.Wire.Text;

namespace ActorSock.Wire.Tests.Text;

public sealed class TitleAgainstPythonTests(PythonTitle python) : IClassFixture<PythonTitle>
{
    // Between two versions of Unicode a few characters get another case: at most so many may differ then.
    private const int ChangedMax = 32;

    private const string Separator = "\n--\n";

    private const int Seed = 20_261_121;

    [PythonFact]
    public void Every_character_is_titled_as_Python_titles_it_alone_and_beside_others()
    {
        var differing = Differing();

        var allowed = python.IsOtherVersion ? ChangedMax : 0;
        var some = string.Join(", ", differing.Take(20).Select(each => $"{each:X}"));
        differing.Count.ShouldBeInRange(0, allowed, some);
    }

    [PythonFact]
    public void Any_text_is_titled_as_Python_titles_it()
    {
        Console.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        var askable = Askable();
        for (var asked = 0; asked < 6000; asked++)
        {
            var count = asked % 100 == 0 ? random.Next(20_000) : random.Next(60);
            var text = SomeText.Random(random, count, from => askable[from.Next(askable.Length)]);

            var same = Titles.Of(text).AsSpan().SequenceEqual(python.Title(text));

            var beginning = Convert.ToHexString(text.AsSpan(..Math.Min(text.Length, 400)));
            same.ShouldBeTrue($"text {asked}: {beginning}");
        }
    }

    [PythonFact]
    public void The_tables_are_what_their_generator_prints()
    {
        // A Python of another version prints other tables.
        if (python.IsOtherVersion) return;

        PythonTitle.Print("case_tables.py").ShouldBe(PythonTitle.Beside("CaseTable.Generated.cs"));
        PythonTitle.Print("case_tables.py", "--assigned").ShouldBe(PythonTitle.Beside("assigned.txt"));
    }

    private Rune[] Askable()
    {
        var differing = python.IsOtherVersion ? Differing() : [];
        return
        [
            .. Enumerable.Range(0, python.IsKnown.Length)
                .Where(each => python.IsKnown[each] && !differing.Contains(each))
                .Select(each => new Rune(each)),
        ];
    }

    private HashSet<int> Differing()
    {
        const int AtOnce = 1 << 15;
        var differing = new HashSet<int>();
        for (var from = 0; from < python.IsKnown.Length; from += AtOnce)
        {
            var asked = Enumerable.Range(from, AtOnce).Where(each => python.IsKnown[each]).ToArray();
            var lines = asked.Select(each => Beside(new Rune(each)));
            var text = Encoding.UTF8.GetBytes(string.Join(Separator, lines));
            var ours = Titles.Of(text);
            var theirs = python.Title(text);
            if (ours.AsSpan().SequenceEqual(theirs)) continue;

            differing.UnionWith(Lines(ours).Zip(Lines(theirs), asked)
                .Where(each => each.First != each.Second).Select(each => each.Third));
        }
        return differing;
    }

    // A space ends every context: it is neither cased nor ignorable.
    private static string Beside(Rune c) => $"{c} a{c}b Σ{c} {c}Σ aΣ{c} aΣ{c}a a{c}Σ aΣ{c}Σ {c}{c}";

    private static string[] Lines(byte[] text) => Encoding.UTF8.GetString(text).Split(Separator);
}
