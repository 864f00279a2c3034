using System.CommandLine;
using System.Text.Json;
using ActorSock.Client;
using ActorSock.Wire;

namespace ActorSock.Cli.Commands;

/// <summary>Writes one JSON object a line for each file, whatever became of it.</summary>
internal sealed class PutJsonReport(InvocationConfiguration console) : PutReport(console)
{
    public override void Unreadable(PutFile file, string why)
    {
        base.Unreadable(file, why);
        Write(file, null, "unreadable", writer => writer.WriteString("text", why));
    }

    protected override void WriteResult(PutFile file, long size, UploadOutcome outcome)
    {
        switch (outcome)
        {
            case UploadOutcome.Stored(var digest): WriteDigest(file, size, "stored", digest); break;
            case UploadOutcome.Sent(var digest): WriteDigest(file, size, "sent", digest); break;
            case UploadOutcome.Differs(var digest): WriteDigest(file, size, "differs", digest); break;
            case UploadOutcome.Closed(var why):
                Write(file, size, "closed", writer => writer.WriteString("text", why));
                break;
            case UploadOutcome.Refused(var code, var text):
                Write(file, size, "refused", writer =>
                {
                    writer.WriteNumber("code", code);
                    writer.WriteString("text", text);
                });
                break;
        }
    }

    private void WriteDigest(PutFile file, long size, string outcome, Md5Digest digest) =>
        Write(file, size, outcome, writer => writer.WriteString("md5", digest.ToString()));

    private void Write(PutFile file, long? size, string outcome, Action<Utf8JsonWriter> more) =>
        WriteLine(JsonLine.Of(writer =>
        {
            writer.WriteString("outcome", outcome);
            writer.WriteString("file", file.Path);
            writer.WriteString("name", file.Name);
            if (size is { } known) writer.WriteNumber("bytes", known);
            more(writer);
        }));
}
