using System.CommandLine;
using ActorSock.Client;
using ActorSock.Wire;

namespace ActorSock.Cli.Commands;

/// <summary>Writes <c>stored NAME BYTES MD5</c>, or <c>sent</c> where the server does not say.</summary>
internal sealed class PutTextReport(InvocationConfiguration console) : PutReport(console)
{
    protected override void WriteResult(PutFile file, long size, UploadOutcome outcome)
    {
        var name = Escaping.Printable(file.Name);
        if (outcome is UploadOutcome.Stored stored) WriteLine($"stored {name} {size} {stored.Digest}");
        else if (outcome is UploadOutcome.Sent sent) WriteLine($"sent {name} {size} {sent.Digest}");
    }
}
