using System.Net;

namespace ActorSock.Tests.Settings;

/// <summary>Names of the chat that an operator binds to addresses.</summary>
public sealed class BoundNameSettingsTests : IDisposable
{
    private readonly Loading loading = new();

    public void Dispose() => loading.Dispose();

    private const string Section = "actorsock.chat.bound";

    [Fact]
    public void Names_are_bound_to_addresses_with_and_without_a_port()
    {
        var bound = loading.Config("a.conf", Section + """
             {
                egg { address = "127.0.0.1:9005", to = all }
                金老板 { address = "::1", to = yuan }
                "a.b" { address = "[::ffff:127.0.0.1]:9006", to = ALL }
            }
            """).Settings.Chat.Bound;

        bound.Keys.ShouldBe(["egg", "金老板", "a.b"], ignoreOrder: true);
        bound["egg"].Read().ShouldBe((IPAddress.Loopback, 9005));
        bound["金老板"].Read().ShouldBe((IPAddress.IPv6Loopback, null));
        bound["a.b"].Read().ShouldBe((IPAddress.Loopback, 9006));
        bound["金老板"].To.ShouldBe("yuan");
    }

    [Theory]
    [InlineData("egg { address = \"9005\", to = all }", "address")]
    [InlineData("egg { address = \"127.1\", to = all }", "address")]
    [InlineData("egg { address = \"127.0.0.1:0\", to = all }", "address")]
    [InlineData("egg { address = \"localhost\", to = all }", "address")]
    [InlineData("egg { to = all }", "address")]
    [InlineData("egg { address = \"127.0.0.1\" }", "must be a name of the chat, or all")]
    [InlineData("egg { address = \"127.0.0.1\", to = \"a b\" }", "must be a name of the chat, or all")]
    [InlineData("egg { address = \"127.0.0.1\", to = all, from = x }", "unknown key")]
    [InlineData("all { address = \"127.0.0.1\", to = egg }", "is everybody")]
    [InlineData("\"a:b\" { address = \"127.0.0.1\", to = egg }", "has a slash or a colon")]
    [InlineData("egg = 5", "must be a section")]
    [InlineData("egg { address = \"127.0.0.1\", to = all }, yuan { address = \"127.0.0.1\", to = all }", "is that of egg, too")]
    [InlineData("é { address = \"127.0.0.1\", to = all }, E\u0301 { address = \"127.0.0.2\", to = all }", "the name is the same as")]
    public void What_cannot_be_is_told(string entries, string told) =>
        loading.Config("a.conf", $"{Section} {{ {entries} }}").Problems.ShouldHaveSingleItem().ToString().ShouldContain(told);
}
