using System.CommandLine;
using ActorSock.Wire.Native;

namespace ActorSock.Cli.Commands.Storing;

/// <summary><c>--exists</c>: what if there is a file of that name.</summary>
internal sealed class ExistsOption : Option<string>
{
    private const string Replace = "replace", Refuse = "refuse", KeepBoth = "keep-both";

    public ExistsOption() : base("--exists")
    {
        Description = "What if there is a file of that name";
        DefaultValueFactory = _ => Replace;
        this.AcceptOnlyFromAmong(Replace, Refuse, KeepBoth);
    }

    public ExistsRule Of(ParseResult parsed) => parsed.GetValue(this) switch
    {
        Refuse => ExistsRule.Refuse,
        KeepBoth => ExistsRule.KeepBoth,
        _ => ExistsRule.Replace,
    };
}
