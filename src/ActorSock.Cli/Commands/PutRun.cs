using System.Net.Sockets;
using ActorSock.Client;
using ActorSock.Client.Native;
using ActorSock.Wire;

namespace ActorSock.Cli.Commands;

/// <summary>Sends the files of one <c>actorsock put</c> in turn, and goes on when one fails.</summary>
internal sealed class PutRun(string address, ClientKey? key, Dialect dialect, PutReport report)
{
    private bool _hasFailed;

    // In the bare dialects only its close tells that the server has done with a file, and a refusal may come
    // until then: on a connection with several files nobody could say which of them it means.
    private bool HasReplies => dialect is Dialect.DigestAfter or Dialect.DigestInHeader;

    /// <returns>The exit code.</returns>
    public async Task<int> SendAsync(IReadOnlyList<string> files, string? name, CancellationToken cancel)
    {
        UploadConnection? connection = null;
        try
        {
            foreach (var path in files)
            {
                var file = new PutFile(path, name ?? Path.GetFileName(path));
                await using var body = Open(file, name is null ? LocalWalk.WhyNot(file.Name) : null);
                if (body is null) continue;
                try
                {
                    connection ??= await UploadConnection.ConnectAsync(address, new UploadOptions { Key = key }, cancel);
                    await SendAsync(connection, file, body, cancel);
                }
                catch (OperationCanceledException)
                {
                    report.Interrupted(file);
                    return ExitCode.Interrupted;
                }
                if (connection.IsOpen) continue;
                await connection.DisposeAsync();
                connection = null;
            }
        }
        catch (KeyRefusedException refused)
        {
            report.KeyRefused(address, refused.Message);
            return ExitCode.Unreachable;
        }
        catch (SocketException unreachable)
        {
            report.Unreachable(address, unreachable.Message);
            return ExitCode.Unreachable;
        }
        finally
        {
            if (connection is not null) await connection.DisposeAsync();
        }
        return _hasFailed ? ExitCode.Failed : ExitCode.Done;
    }

    private FileStream? Open(PutFile file, string? problem)
    {
        try
        {
            if (problem is not null) throw new IOException(problem);
            if (Directory.Exists(file.Path)) throw new IOException("it is a folder: name the files in it, or send it in the native protocol");
            var body = new FileStream(file.Path, new FileStreamOptions
            {
                BufferSize = 0,  // it is read in large blocks
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            });
            if (body.CanSeek) return body;
            body.Dispose();
            throw new IOException("its size cannot be told: write it to a file first");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(() => report.Unreadable(file, LocalWalk.WhyUnreadable(e)));
            return null;
        }
    }

    private async Task SendAsync(
        UploadConnection connection, PutFile file, FileStream body, CancellationToken cancel)
    {
        var size = body.Length;
        try
        {
            var outcome = await report.Show(file, size, async progress =>
            {
                var said = await connection.PutAsync(dialect, file.Name, body, size, progress, cancel);
                return HasReplies || !connection.IsOpen ? said : await connection.FinishAsync(cancel) ?? said;
            });
            _hasFailed |= outcome is not (UploadOutcome.Stored or UploadOutcome.Sent);
            report.Tell(file, size, outcome);
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            Fail(() => report.Unreadable(file, e.Message));
        }
    }

    private void Fail(Action tell)
    {
        _hasFailed = true;
        tell();
    }
}
