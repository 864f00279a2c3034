using System.CommandLine;
using ActorSock.Settings;

namespace ActorSock.Cli;

/// <summary>
/// The options by which a node's settings are told, the same for every command that needs them.
/// </summary>
internal sealed class SettingsOptions
{
    private readonly Option<string[]> config = new("--config")
    {
        Description = "Settings in HOCON or JSON; a later file wins over an earlier one " +
            $"[default: {SettingsSources.DefaultFile}, if it is there]",
        HelpName = "FILE",
    };

    private readonly Option<string[]> set = new("--set")
    {
        Description = "One setting, such as actorsock.transfer.endpoint=0.0.0.0:7070; wins over files",
        HelpName = "KEY=VALUE",
    };

    private readonly Option<string> root = new("--root")
    {
        Description = "Where files are stored: --set actorsock.files.root=DIR",
        HelpName = "DIR",
    };

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(config);
        command.Options.Add(set);
        command.Options.Add(root);
    }

    /// <summary>What was told, with the environment and the working folder of the process.</summary>
    public SettingsSources Sources(ParseResult parsed) => SettingsSources.OfProcess() with
    {
        Files = parsed.GetValue(config) ?? [],
        Overrides = parsed.GetValue(set) ?? [],
        Root = parsed.GetValue(root),
    };
}
