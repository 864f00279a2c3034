using System.Text;
using ActorSock.Wire;

namespace ActorSock.Cli.Terminal;

/// <summary>A program, or a person with a pipe: plain lines of UTF-8 in and out, no prompt, no escape
/// sequences.</summary>
internal sealed class PipeDialogue(Stream input, Results results, TextWriter error) : Dialogue
{
    private readonly LineReader _lines = new(input);
    private readonly Lock _turn = new();

    public override bool IsOnTerminal => false;

    public override bool IsClosed
    {
        get
        {
            lock (_turn) return results.IsClosed;
        }
    }

    public override string Prompt { get; set; } = "";

    public override ValueTask<string?> ReadLineAsync(CancellationToken cancel) => _lines.ReadAsync(cancel);

    public override void Print(string line) => Write(Encoding.UTF8.GetBytes(line));

    public override void PrintMessage(string from, string text) => Print($"[{from}] {Escaping.Printable(text)}");

    public override void PrintAnswer(ReadOnlySpan<byte> utf8)
    {
        if (Results.AreOnTerminal) Print(Shown.Lines(utf8));
        else Write(utf8 is [.. var line, (byte)'\n'] ? line : utf8);
    }

    public override void Remark(string sentence) => error.WriteLine(sentence);

    public override void Dispose() => results.Dispose();

    private void Write(ReadOnlySpan<byte> line)
    {
        lock (_turn)
        {
            results.WriteLine(line);
            results.Flush();
        }
    }
}
