using ActorSock.Load;

namespace ActorSock.Cli.Commands.Loading;

/// <summary>Writes what came of a load test wherever it was asked for.</summary>
internal sealed class LoadReport(string address, string? json)
{
    public void Write(LoadResult result, TextWriter output)
    {
        var conditions = Conditions.Now(address);
        if (json is not null)
        {
            var text = JsonReport.Of(result, conditions);
            if (json == "-")
            {
                output.WriteLine(text);
                return;
            }
            File.WriteAllText(json, text + "\n");
        }
        TextReport.Write(result, conditions, output);
    }
}
