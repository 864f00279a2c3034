using System.Diagnostics;
using System.Globalization;
using System.Text;
using ActorSock.Wire.Text;

namespace ActorSock.Wire.Tests.Text;

/// <summary>Asks one Python process for title case, and knows what characters it can be asked about.</summary>
/// <remarks>A Python of the tables' Unicode version is asked about every code point, one of another version
/// only about those that both versions assign. Before Python 3.7 too much was different: Georgian had no
/// capitals.</remarks>
public sealed class PythonTitle : IDisposable
{
    private readonly Lazy<Process> _process;
    private readonly Lazy<(bool IsOtherVersion, bool[] IsKnown)> _known;

    public PythonTitle()
    {
        _process = new Lazy<Process>(() => Start("title.py"));
        _known = new Lazy<(bool, bool[])>(Acquaint);
    }

    /// <summary>Whether this Python's Unicode is another than the tables'.</summary>
    public bool IsOtherVersion => _known.Value.IsOtherVersion;

    /// <summary>By code point: whether both sides know it. Surrogates are no characters.</summary>
    public bool[] IsKnown => _known.Value.IsKnown;

    public byte[] Title(ReadOnlySpan<byte> text)
    {
        _ = _known.Value; // the introduction comes first
        var input = _process.Value.StandardInput.BaseStream;
        input.Write(BitConverter.GetBytes(text.Length));
        input.Write(text);
        input.Flush();
        return Answer();
    }

    public void Dispose()
    {
        if (!_process.IsValueCreated) return;
        _process.Value.StandardInput.Close();
        _process.Value.WaitForExit();
        _process.Value.Dispose();
    }

    /// <summary>What a script beside these tests prints.</summary>
    public static string Print(string script, params string[] args)
    {
        using var process = Start(script, args);
        var printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return printed;
    }

    /// <summary>What stands in a file beside these tests.</summary>
    public static string Beside(string file) => File.ReadAllText(Path.Combine(Folder, file));

    private static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Text");

    // -B: Python leaves no compiled files behind.
    private static Process Start(string script, params string[] args)
    {
        string[] line = ["-B", Path.Combine(Folder, script), .. args];
        return Process.Start(new ProcessStartInfo(PythonFactAttribute.Interpreter!, line)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        })!;
    }

    private (bool IsOtherVersion, bool[] IsKnown) Acquaint()
    {
        var lines = Encoding.ASCII.GetString(Answer()).Split('\n');
        var theirs = Assigned(lines[1..]);
        var ours = Assigned(Beside("assigned.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var isOther = lines[0] != TitleCase.UnicodeVersion;
        return (isOther, [.. Enumerable.Range(0, ours.Length).Select(IsKnownToBoth)]);

        bool IsKnownToBoth(int at) => Rune.IsValid(at) && (!isOther || (theirs[at] && ours[at]));
    }

    private static bool[] Assigned(string[] ranges)
    {
        var isAssigned = new bool[0x110000];
        foreach (var range in ranges)
        {
            var ends = range.Split(' ').Select(each => int.Parse(each, NumberStyles.HexNumber)).ToArray();
            isAssigned.AsSpan(ends[0]..(ends[1] + 1)).Fill(true);
        }
        return isAssigned;
    }

    private byte[] Answer()
    {
        var output = _process.Value.StandardOutput.BaseStream;
        var length = new byte[sizeof(int)];
        output.ReadExactly(length);
        var answer = new byte[BitConverter.ToInt32(length)];
        output.ReadExactly(answer);
        return answer;
    }
}
