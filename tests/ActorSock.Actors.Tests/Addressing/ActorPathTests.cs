namespace ActorSock.EngineTests;

public class ActorPathTests : EngineTest
{
    [Theory]
    [InlineData("akka://MySystem/user/server")]
    [InlineData("akka://my-system/user/a/b/c")]
    [InlineData("akka.tcp://MySystem@host.example:2552/user/a")]
    [InlineData("akka.tcp://MySystem@[::1]:2552/user/a")]
    [InlineData("akka://sys/user/$a")]
    [InlineData("akka://sys/user/a+b:c@d&e=f,g!h~i'j;k(l)m")]
    public void What_is_parsed_prints_as_it_was_written(string written)
    {
        ActorPath.Parse(written).ToString().ShouldBe(written);
    }

    [Fact]
    public void A_path_knows_its_parts()
    {
        var path = ActorPath.Parse("akka.tcp://Sys@host:2552/user/server/c-1#42");

        path.Address.ShouldBe(new Address("akka.tcp", "Sys", "host", 2552));
        path.Elements.ShouldBe(["user", "server", "c-1"]);
        path.Name.ShouldBe("c-1");
        path.Uid.ShouldBe(42);
        path.Depth.ShouldBe(3);
        path.Parent.Name.ShouldBe("server");
        path.Root.ToString().ShouldBe("akka.tcp://Sys@host:2552/");
        path.ToStringWithoutAddress().ShouldBe("/user/server/c-1");
    }

    [Theory]
    [InlineData("")]
    [InlineData("/user/server")]
    [InlineData("server")]
    [InlineData("http://sys/user")]
    [InlineData("akka:///user")]
    public void What_is_no_path_is_refused(string written)
    {
        ActorPath.TryParse(written, out _).ShouldBeFalse();
        Should.Throw<UriFormatException>(() => ActorPath.Parse(written));
    }

    [Fact]
    public void Paths_are_equal_by_address_and_elements()
    {
        var path = ActorPath.Parse("akka://sys/user/a");

        (ActorPath.Parse("akka://sys/user") / "a").ShouldBe(path);
        path.GetHashCode().ShouldBe((ActorPath.Parse("akka://sys/user") / "a").GetHashCode());
        path.ShouldNotBe(ActorPath.Parse("akka://sys/user/b"));
        path.ShouldNotBe(ActorPath.Parse("akka://SYS/user/a"));
        path.ShouldNotBe(ActorPath.Parse("akka://sys/user/a/a"));
    }

    [Fact]
    public void An_actors_path_says_where_it_stands()
    {
        var parent = Start(new Role("parent", ActorRefs.Nobody));
        var child = parent.Ask(p => p.Start(new Role("child", ActorRefs.Nobody)));

        child.Path.ToString().ShouldBe($"akka://{Sys.Name}/user/parent/child");
        child.Path.Parent.ShouldBe(parent.Path);
        ActorPath.Parse(child.Path.ToString()).ShouldBe(child.Path);
    }
}
