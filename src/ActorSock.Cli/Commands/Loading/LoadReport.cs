using System.Text;
using ActorSock.Load;
using ActorSock.Load.Scenarios;

namespace ActorSock.Cli.Commands.Loading;

/// <summary>Writes what came of a load test wherever it was asked for.</summary>
/// <remarks>Files are opened before the test: who has waited an hour must not hear then that there is no such folder.</remarks>
internal sealed class LoadReport : IDisposable
{
    private const string StandardOutput = "-";

    private readonly string _address;
    private readonly bool _isJsonInPlace;
    private readonly FileStream? _json, _html;

    private LoadReport(string address, string? json, string? html)
    {
        _address = address;
        _isJsonInPlace = json == StandardOutput;
        _json = json is null || _isJsonInPlace ? null : Create(json);
        _html = html is null ? null : Create(html);
    }

    // Unbuffered: what is left in a buffer would be written, and fail, where nobody looks.
    private static FileStream Create(string path) => new(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);

    /// <exception cref="ScenarioException">A file cannot be written.</exception>
    public static LoadReport Open(string address, string? json, string? html)
    {
        try
        {
            return new LoadReport(address, json, html);
        }
        catch (Exception cannot) when (cannot is IOException or UnauthorizedAccessException)
        {
            throw new ScenarioException($"cannot write the report: {cannot.Message}", cannot);
        }
    }

    /// <returns>What could not be written, and why; nothing when all was. One report that fails costs none of the others.</returns>
    public IReadOnlyList<string> Write(LoadResult result, TextWriter output)
    {
        var conditions = Conditions.Now(_address);
        var json = JsonReport.Of(result, conditions) + "\n";
        string?[] problems =
        [
            Try("the report", () =>
            {
                if (_isJsonInPlace) output.Write(json);
                else TextReport.Write(result, conditions, output);
                output.Flush();
            }),
            Try($"the report '{_json?.Name}'", () => Write(_json, json)),
            Try($"the report '{_html?.Name}'", () => Write(_html, HtmlReport.Of(result, conditions))),
        ];
        return [.. problems.OfType<string>()];
    }

    public void Dispose()
    {
        _json?.Dispose();
        _html?.Dispose();
    }

    private static void Write(FileStream? file, string text)
    {
        file?.Write(Encoding.UTF8.GetBytes(text));
        file?.Flush(flushToDisk: true);
    }

    private static string? Try(string what, Action write)
    {
        try
        {
            write();
            return null;
        }
        catch (IOException cannot)
        {
            return $"cannot write {what}: {cannot.Message}";
        }
    }
}
