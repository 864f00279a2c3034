using System.CommandLine;
using ActorSock.Client;
using ActorSock.Wire;

namespace ActorSock.Cli.Commands;

/// <summary>Tells what becomes of files: results on standard output, all else on standard error.</summary>
internal abstract class PutReport(InvocationConfiguration console)
{
    private readonly PutProgress? _progress = PutProgress.OnTerminal(console);

    /// <summary>Sends a file while a bar shows how far it is, where somebody can see it.</summary>
    public Task<UploadOutcome> Show(
        PutFile file, long size, Func<IProgress<long>?, Task<UploadOutcome>> send) =>
        _progress is null ? send(null) : _progress.Show(Escaping.Printable(file.Name), size, send);

    /// <summary>One file is done with, for better or worse.</summary>
    public void Tell(PutFile file, long size, UploadOutcome outcome)
    {
        WriteResult(file, size, outcome);
        var complaint = Complaint(Escaping.Printable(file.Name), outcome);
        if (complaint is not null) console.Error.WriteLine(complaint);
    }

    public virtual void Unreadable(PutFile file, string why) =>
        console.Error.WriteLine($"cannot send '{Escaping.Printable(file.Path)}': {Escaping.Printable(why)}");

    public void Unreachable(string address, string why) => console.Error.WriteLine(
        $"cannot reach {Escaping.Printable(address)}: {why}: start the server there, or say --to another");

    /// <summary>The server has not asked for the key that was given.</summary>
    public void KeyRefused(string address, string why) => console.Error.WriteLine($"{Escaping.Printable(address)}: {why}");

    public void Interrupted(PutFile file) => console.Error.WriteLine(
        $"interrupted at '{Escaping.Printable(file.Name)}': send it again, it does no harm if it is stored");

    /// <summary>Writes what a program, or a person with a pipe, wants to have.</summary>
    protected abstract void WriteResult(PutFile file, long size, UploadOutcome outcome);

    protected void WriteLine(string line) => console.Output.WriteLine(line);

    private static string? Complaint(string name, UploadOutcome outcome) => outcome switch
    {
        UploadOutcome.Differs =>
            $"'{name}' is not stored: other bytes arrived than were sent: send it again",
        UploadOutcome.Refused { Code: 408 or >= 500 } refused =>
            $"'{name}' is not stored: {refused.Code} {refused.Text}: try again later",
        UploadOutcome.Refused refused => $"'{name}' is not stored: {refused.Code} {refused.Text}",
        UploadOutcome.Closed { AsksForKey: true } => $"'{name}' is not stored: the server asks for a key: name yours with --key-file",
        UploadOutcome.Closed closed =>
            $"no answer to '{name}': {closed.Why}: send it again, it does no harm if it is stored",
        _ => null,
    };
}
