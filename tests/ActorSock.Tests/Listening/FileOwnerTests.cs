using System.Globalization;
using ActorSock.Listening;
using ActorSock.Tests.Commands;
using ActorSock.Tests.Files;

namespace ActorSock.Tests.Listening;

public sealed class FileOwnerTests
{
    [LinuxFact]
    public void Names_are_those_of_the_system()
    {
        var (user, userNumber) = Last("/etc/passwd");
        var (group, groupNumber) = Last("/etc/group");

        FileOwner.Find(user).ShouldBe(new FileOwner(userNumber, -1));
        FileOwner.Find($":{group}").ShouldBe(new FileOwner(-1, groupNumber));
        FileOwner.Find($"{user}:{group}").ShouldBe(new FileOwner(userNumber, groupNumber));
    }

    [LinuxFact]
    public void Numbers_need_no_name() => FileOwner.Find("12345:67890").ShouldBe(new FileOwner(12345, 67890));

    [LinuxTheory]
    [InlineData("nobody-of-this-name", "user")]
    [InlineData(":nobody-of-this-name", "group")]
    public void Whom_the_system_does_not_know_is_told(string owner, string kind) =>
        Should.Throw<IOException>(() => FileOwner.Find(owner)).Message
            .ShouldBe($"there is no {kind} 'nobody-of-this-name': make it, or set actorsock.listeners.unix-owner");

    // Not the first, root: its number is what memory has that nobody has filled in.
    private static (string Name, int Number) Last(string file) => File.ReadLines(file).Select(line => line.Split(':'))
        .Where(fields => fields is [_, _, [>= '0' and <= '9', ..], ..])
        .Select(fields => (fields[0], int.Parse(fields[2], CultureInfo.InvariantCulture))).Last();
}
