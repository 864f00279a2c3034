using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorSock.Logging;
using ActorSock.Settings;
using ActorSock.Wire;

namespace ActorSock.Cli.Commands;

/// <summary><c>actorsock check</c>: the settings that a node would run with, and who said so.</summary>
internal static class CheckCommand
{
    private static readonly JsonWriterOptions readable = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Create()
    {
        var options = new SettingsOptions();
        var json = new Option<bool>("--json") { Description = "Write JSON" };
        var command = new Command("check", "Show the settings that a node would run with, and who said so");
        options.AddTo(command);
        command.Options.Add(json);
        command.SetAction(parsed => Run(
            options.Sources(parsed), parsed.GetValue(json), parsed.InvocationConfiguration));
        return command;
    }

    private static int Run(SettingsSources sources, bool json, InvocationConfiguration console)
    {
        var loaded = SettingsLoader.Load(sources);
        // What Serilog makes of its file shows only when it is used.
        NodeLog.Open(loaded.Settings.Logging, TimeProvider.System).Dispose();
        try
        {
            ServerNode.Check(loaded.Settings);
        }
        catch (IOException wrong)
        {
            console.Error.WriteLine(Escaping.Printable(wrong.Message));
            return ExitCode.Misuse;
        }

        if (json) console.Output.WriteLine(Json(loaded.Keys));
        else
            foreach (var key in loaded.Keys) console.Output.WriteLine(Line(key));
        var overridden = loaded.Keys.Count(key => key.Overridden);
        var log = loaded.Settings.Logging.Serilog ?? "standard error";
        console.Error.WriteLine(
            $"{overridden} of {loaded.Keys.Count} settings are not the default; log: {log}");
        return ExitCode.Done;
    }

    private static string Line(EffectiveKey key) => Escaping.Printable(
        $"{key.Key} = {key.Value}" + (key.Overridden ? $"  # {key.Source}" : ""));

    private static string Json(IReadOnlyList<EffectiveKey> keys)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, readable))
        {
            writer.WriteStartArray();
            foreach (var key in keys)
            {
                writer.WriteStartObject();
                writer.WriteString("key", key.Key);
                writer.WriteString("value", key.Value);
                writer.WriteString("source", key.Source);
                writer.WriteBoolean("overridden", key.Overridden);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
    }
}
