using System.CommandLine;
using System.Text.Json;
using ActorSock.Client.Native;
using ActorSock.Wire;

namespace ActorSock.Cli.Commands.Storing;

/// <summary>Sends the files of one <c>actorsock put</c> in the native protocol, and goes on when one fails.</summary>
internal sealed class SendRun(PutOptions options, bool isForPrograms, InvocationConfiguration console)
{
    private const int FilesAtOnce = 32;

    private readonly PendingUploads? _pending = PendingUploads.Default;
    private readonly TransferScreen _screen = new(console);
    private bool _hasFailed, _isHopeless;
    private int _untried;

    /// <summary>How often what fails is tried again.</summary>
    public RetryOptions Retry { get; init; } = new();

    /// <returns>The exit code.</returns>
    public Task<int> RunAsync(NodeTarget target, IReadOnlyList<string> files, string? name, CancellationToken cancel)
    {
        var visit = new NodeVisit(target, console)
        {
            PartsAtOnce = options.PartsAtOnce,
            Retry = Retry,
            Elsewise = "say --dialect digest-after for an older server",
            Interrupted = files.Contains(ToSend.Input)
                ? "interrupted: what came from the standard input is not stored"
                : "interrupted: run it again, and it goes on where it was",
        };
        return visit.RunAsync(client => _screen.ShowAsync(client, async () =>
        {
            var node = (await client.ConnectAsync(cancel)).Node;
            await InTurn.RunAsync(ToSend.Of(files, name, node), FilesAtOnce, (file, token) => SendAsync(client, file, token), cancel);
            if (_untried > 0) _screen.Note($"{_untried} more were not tried after that");
            return _hasFailed ? ExitCode.Failed : ExitCode.Done;
        }), cancel);
    }

    private async Task<Action> SendAsync(NodeClient client, ToSend file, CancellationToken cancel)
    {
        if (file.IsEmptyFolder) return () => Empty(file);
        if (file.Problem is { } problem) return () => Unreadable(file, problem);
        // What stopped one would stop the others after the same wait.
        if (_isHopeless) return () => Untried(file);
        try
        {
            var stored = await PutAsync(client, file, cancel);
            return () => Stored(file, stored);
        }
        catch (NodeRefusedException no)
        {
            _isHopeless |= no.IsWorthRetrying;
            return () => Refused(file, no);
        }
        catch (Exception why) when (why is UnauthorizedAccessException or ArgumentException
            || why is IOException and not NodeLostException and not Client.KeyRefusedException)
        {
            return () => Unreadable(file, LocalWalk.WhyUnreadable(why));
        }
    }

    private async Task<StoredFile> PutAsync(NodeClient client, ToSend file, CancellationToken cancel)
    {
        if (file.IsInput)
        {
            await using var input = new StandardInput();
            await using var spool = await Spool.OfAsync(input, _screen.Note, cancel);
            return await client.PutAsync(spool, file.Name, options, cancel: cancel);
        }
        return _pending is null
            ? await client.PutFileAsync(file.Path, file.Name, options, cancel)
            : await _pending.PutFileAsync(client, file.Path, file.Name, options, cancel);
    }

    private void Stored(ToSend file, StoredFile stored)
    {
        if (!isForPrograms)
        {
            _screen.Result($"stored {Escaping.Printable(stored.Name)} {stored.SizeBytes} {stored.Md5?.ToString() ?? "-"}");
            return;
        }
        TellPrograms("stored", file, stored.Name, json =>
        {
            json.WriteNumber("bytes", stored.SizeBytes);
            json.WriteMd5(stored.Md5);
            if (_screen.ResumedBytes(file.Name) is > 0 and var bytes) json.WriteNumber("resumed", bytes);
            json.WriteReceipt(stored.Receipt);
        });
    }

    private void Refused(ToSend file, NodeRefusedException no)
    {
        _hasFailed = true;
        _screen.Note($"'{Escaping.Printable(file.Name)}' is not stored: {NodeVisit.Sentence(no)}");
        TellPrograms("refused", file, file.Name, json =>
        {
            json.WriteNumber("code", no.Status);
            json.WriteString("text", no.Message[(no.Message.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        });
    }

    // The node knows files alone; who gets them back misses the folder.
    private void Empty(ToSend folder)
    {
        _screen.Note($"'{Escaping.Printable(folder.Path)}' is an empty folder: a node keeps no folders, only files");
        TellPrograms("empty folder", folder, folder.Name);
    }

    private void Untried(ToSend file)
    {
        _hasFailed = true;
        _untried++;
        TellPrograms("not tried", file, file.Name);
    }

    private void Unreadable(ToSend file, string why)
    {
        _hasFailed = true;
        _screen.Note($"cannot send '{Escaping.Printable(file.Path)}': {Escaping.Printable(why)}");
        TellPrograms("unreadable", file, file.Name, json => json.WriteString("text", why));
    }

    private void TellPrograms(string outcome, ToSend file, string name, Action<Utf8JsonWriter>? more = null)
    {
        if (!isForPrograms) return;
        _screen.Result(JsonLine.Of(json =>
        {
            json.WriteString("outcome", outcome);
            json.WriteString("file", file.Path);
            json.WriteString("name", name);
            more?.Invoke(json);
        }));
    }
}
