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
        _json = json is null || _isJsonInPlace ? null : File.Create(json);
        _html = html is null ? null : File.Create(html);
    }

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

    public void Write(LoadResult result, TextWriter output)
    {
        var conditions = Conditions.Now(_address);
        var json = JsonReport.Of(result, conditions) + "\n";
        _json?.Write(Encoding.UTF8.GetBytes(json));
        _html?.Write(Encoding.UTF8.GetBytes(HtmlReport.Of(result, conditions)));
        if (_isJsonInPlace) output.Write(json);
        else TextReport.Write(result, conditions, output);
    }

    public void Dispose()
    {
        _json?.Dispose();
        _html?.Dispose();
    }
}
