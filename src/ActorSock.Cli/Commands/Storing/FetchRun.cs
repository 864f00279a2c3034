using System.CommandLine;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using ActorSock.Client.Native;
using ActorSock.Wire;

namespace ActorSock.Cli.Commands.Storing;

/// <summary>Fetches the files of one <c>actorsock get</c>, and goes on when one fails.</summary>
/// <param name="into">The folder that they go to, when <paramref name="path"/> is null.</param>
/// <param name="path">Where the only file goes to; null for <paramref name="into"/>.</param>
/// <param name="isForPrograms">Whether results are JSON.</param>
/// <param name="console">Where they go.</param>
internal sealed class FetchRun(string into, string? path, bool isForPrograms, InvocationConfiguration console)
{
    private const int FilesAtOnce = 8;

    private readonly TransferScreen _screen = new(console);
    private bool _hasFailed, _isHopeless, _isToOutput;
    private int _untried;

    /// <summary>How often what fails is tried again.</summary>
    public RetryOptions Retry { get; init; } = new();

    /// <summary>Fetches files, each to a file.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> RunAsync(NodeTarget target, IReadOnlyList<string> names, CancellationToken cancel)
    {
        var visit = new NodeVisit(target, console) { Retry = Retry, Interrupted = "interrupted: run it again, and it goes on where it was" };
        return visit.RunAsync(client => _screen.ShowAsync(client, async () =>
        {
            await InTurn.RunAsync(FindAsync(client, names, cancel), FilesAtOnce, (file, token) => FetchAsync(client, file, token), cancel);
            if (_untried > 0) _screen.Note($"{_untried} more were not tried after that");
            return _hasFailed ? ExitCode.Failed : ExitCode.Done;
        }), cancel);
    }

    /// <summary>Writes files to the standard output, one behind the other.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> RunToOutputAsync(NodeTarget target, IReadOnlyList<string> names, CancellationToken cancel) =>
        new NodeVisit(target, console) { Retry = Retry }.RunAsync(async client =>
        {
            _isToOutput = true;
            await using var output = new StandardOutput();
            foreach (var name in names)
            {
                try
                {
                    await client.GetAsync(name, output, null, cancel);
                }
                catch (Exception why) when (IsAboutOneFile(why))
                {
                    // What comes behind half a file belongs to nothing.
                    Failed(name, why);
                    return ExitCode.Failed;
                }
            }
            return ExitCode.Done;
        }, cancel);

    private async IAsyncEnumerable<Wanted> FindAsync(
        NodeClient client, IReadOnlyList<string> names, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var name in names)
        {
            if (!name.EndsWith('/'))
            {
                yield return new Wanted(name, name[(name.LastIndexOf('/') + 1)..], null);
                continue;
            }
            // The last folder of the name comes along, as with cp -r.
            var keep = name.TrimEnd('/').LastIndexOf('/') + 1;
            var isThere = false;
            await foreach (var file in client.ListAsync(name, null, cancel))
            {
                isThere = true;
                if (!file.Name.StartsWith(name, StringComparison.Ordinal))
                    throw new NodeLostException($"the node lists '{Escaping.Printable(file.Name)}', which was not asked for");
                yield return new Wanted(file.Name, file.Name[keep..], new RemoteFile(file.Name, file.SizeBytes, file.Modified, file.Md5));
            }
            if (!isThere) Failed(name, new IOException("there is no such folder"));
        }
    }

    private async Task<Action> FetchAsync(NodeClient client, Wanted file, CancellationToken cancel)
    {
        // What stopped one would stop the others after the same wait.
        if (_isHopeless) return () => Untried(file.Name);
        var place = path;
        if (place is null && !LocalPlace.TryFind(into, file.Place, out place, out var why))
            return () => Failed(file.Name, new IOException($"{why}: name a file of its own with --out"));
        try
        {
            var known = file.Known ?? await client.StatAsync(file.Name, cancel)
                ?? throw new IOException(await Missing.WhyAsync(client, file.Name, $"name it '{file.Name}/' to fetch all that is in it", "there is no such file", cancel));
            if (await IsHereAsync(place, known, cancel)) return () => Fetched("unchanged", place, known);
            if (Path.GetDirectoryName(place) is { Length: > 0 } folder) MakeFolder(folder);
            var fetched = await client.ResumeFileAsync(file.Name, place, known, cancel);
            return () => Fetched("fetched", place, fetched with { Name = file.Name });
        }
        catch (Exception no) when (IsAboutOneFile(no))
        {
            _isHopeless |= no is NodeRefusedException { IsWorthRetrying: true };
            return () => Failed(file.Name, no);
        }
    }

    private static void MakeFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception no) when (no is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"the folder '{folder}' cannot be made here: {(no is UnauthorizedAccessException ? "that is not allowed" : no.Message)}", no);
        }
    }

    private static async Task<bool> IsHereAsync(string place, RemoteFile known, CancellationToken cancel)
    {
        var here = new FileInfo(place);
        if (!here.Exists || here.LinkTarget is not null || here.Length != known.SizeBytes || known.Md5 is null) return false;
        await using var file = new FileStream(place, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);
        return Md5Digest.FromBytes(await MD5.HashDataAsync(file, cancel)) == known.Md5;
    }

    private static bool IsAboutOneFile(Exception why) => why is UnauthorizedAccessException
        || why is IOException and not NodeLostException and not Client.KeyRefusedException;

    private void Fetched(string outcome, string place, RemoteFile file) => _screen.Result(isForPrograms
        ? JsonLine.Of(json =>
        {
            json.WriteString("outcome", outcome);
            json.WriteString("name", file.Name);
            json.WriteString("file", place);
            json.WriteNumber("bytes", file.SizeBytes);
            json.WriteMd5(file.Md5);
            if (_screen.ResumedBytes(file.Name) is > 0 and var bytes) json.WriteNumber("resumed", bytes);
        })
        : $"{outcome} {Escaping.Printable(file.Name)} {file.SizeBytes} {file.Md5?.ToString() ?? "-"}");

    private void Untried(string name)
    {
        _hasFailed = true;
        _untried++;
        if (!isForPrograms) return;
        _screen.Result(JsonLine.Of(json =>
        {
            json.WriteString("outcome", "not tried");
            json.WriteString("name", name);
        }));
    }

    private void Failed(string name, Exception why)
    {
        _hasFailed = true;
        var text = Escaping.Printable(why is NodeRefusedException no ? NodeVisit.Sentence(no) : why.Message);
        _screen.Note($"'{Escaping.Printable(name)}' is not fetched: {text}");
        // There it would be taken for a part of the file.
        if (!isForPrograms || _isToOutput) return;
        _screen.Result(JsonLine.Of(json =>
        {
            json.WriteString("outcome", "failed");
            json.WriteString("name", name);
            if (why is NodeRefusedException refused) json.WriteNumber("code", refused.Status);
            json.WriteString("text", text);
        }));
    }

    /// <param name="Name">On the node.</param>
    /// <param name="Place">From the folder here on, divided by <c>/</c>; not yet to be trusted.</param>
    /// <param name="Known">What a list has said of it; null for nothing.</param>
    private sealed record Wanted(string Name, string Place, RemoteFile? Known);
}
