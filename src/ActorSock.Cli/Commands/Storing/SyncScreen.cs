using System.CommandLine;
using ActorSock.Client.Native;
using ActorSock.Wire;

namespace ActorSock.Cli.Commands.Storing;

/// <summary>Runs one <c>actorsock sync</c> and tells what is done.</summary>
internal sealed class SyncScreen(bool deletes, bool isDryRun, bool isForPrograms, InvocationConfiguration console)
{
    private readonly TransferScreen _screen = new(console);

    /// <returns>The exit code.</returns>
    public Task<int> RunAsync(NodeTarget target, string folder, string prefix, CancellationToken cancel)
    {
        var visit = new NodeVisit(target, console) { Interrupted = "interrupted: run it again, and it goes on where it was" };
        var options = new FolderSyncOptions
        {
            Deletes = deletes, IsDryRun = isDryRun, TellsUnchanged = false, Pending = PendingUploads.Default,
        };
        return visit.RunAsync((client, isThere) => _screen.ShowAsync(client, async () =>
        {
            using var sync = new FolderSync(client, options);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            IOException? unwritten = null;
            using var watching = sync.Steps.Subscribe(step =>
            {
                try
                {
                    if (unwritten is null) Tell(step);
                }
                catch (IOException cannot)
                {
                    // Not the fault of the file that it is about: nothing more is done that nobody would hear of.
                    unwritten = cannot;
                    stop.Cancel();
                }
            });
            SyncReport report;
            try
            {
                report = await sync.RunAsync(folder, prefix, isThere, stop.Token);
            }
            catch (OperationCanceledException) when (unwritten is not null)
            {
                throw unwritten;
            }
            if (unwritten is not null) throw unwritten;
            Tell(report);
            return report.IsComplete ? ExitCode.Done : ExitCode.Failed;
        }), cancel);
    }

    private void Tell(SyncStep step)
    {
        if (step.Action == SyncAction.Unchanged) return;
        if (isForPrograms) _screen.Result(Json(step));
        var name = Escaping.Printable(step.Name);
        var would = isDryRun ? "would be " : "";
        if (step.Action == SyncAction.Failed) _screen.Note($"'{name}' is not sent: {Escaping.Printable(step.Problem ?? "")}");
        else if (isForPrograms) return;
        else if (step.Action == SyncAction.Skipped) _screen.Note($"'{name}' is left out: {Escaping.Printable(step.Problem ?? "")}");
        else if (step.Action == SyncAction.Sent) _screen.Result($"{would}sent {name} {step.SizeBytes}");
        else _screen.Result($"{would}deleted {name}");
    }

    private string Json(SyncStep step) => JsonLine.Of(json =>
    {
        json.WriteString("outcome", step.Action switch
        {
            SyncAction.Sent => isDryRun ? "would be sent" : "sent",
            SyncAction.Deleted => isDryRun ? "would be deleted" : "deleted",
            SyncAction.Skipped => "skipped",
            _ => "failed",
        });
        json.WriteString("name", step.Name);
        json.WriteNumber("bytes", step.SizeBytes);
        if (step.Problem is not null) json.WriteString("text", step.Problem);
    });

    private void Tell(SyncReport report)
    {
        if (report.CacheProblem is { } problem)
            _screen.Note($"the digests are not remembered, all files will be read the next time: {Escaping.Printable(problem)}");
        if (report.Spared > 0)
            _screen.Note($"{report.Spared} files that are not here are not deleted: "
                + (report.Failed > 0 ? "something here could not be read or sent" : "what has their name, or that of their folder, is left out, or they came here meanwhile"));
        if (!isForPrograms)
        {
            _screen.Note($"{(isDryRun ? "it would be: " : "")}{report.Sent} sent ({ByteSize.Of(report.SentBytes)}), {report.Unchanged} unchanged, "
                + $"{report.Deleted} deleted, {report.Skipped} left out, {report.Failed} failed");
            return;
        }
        _screen.Result(JsonLine.Of(json =>
        {
            json.WriteString("outcome", report.IsComplete ? "done" : "incomplete");
            json.WriteNumber("sent", report.Sent);
            json.WriteNumber("bytes", report.SentBytes);
            json.WriteNumber("unchanged", report.Unchanged);
            json.WriteNumber("deleted", report.Deleted);
            json.WriteNumber("skipped", report.Skipped);
            json.WriteNumber("failed", report.Failed);
        }));
    }
}
