namespace ActorSock.Hocon.Tests;

public class LayeringTests
{
    [Fact]
    public void A_substitution_in_a_lower_layer_sees_what_a_higher_one_says()
    {
        var reference = HoconDocument.Parse("root = inbox, socket = ${root}\"/admin.sock\"", "reference.conf");
        var override_ = HoconDocument.Parse("root = /data", "--set");

        override_.WithFallback(reference).Resolve()["socket"].ShouldBe(new HoconString("/data/admin.sock"));
    }

    [Fact]
    public void A_higher_layer_can_build_on_a_lower_one()
    {
        var lower = HoconDocument.Parse("list = [1], path = /bin, o { a = 1, b = 1 }");
        var higher = HoconDocument.Parse("list += 2, path = ${path}\":/usr/bin\", o.b = 2");

        higher.WithFallback(lower).Resolve().ToString()
            .ShouldBe("""{"list":[1,2],"path":"/bin:/usr/bin","o":{"a":1,"b":2}}""");
    }

    [Fact]
    public void A_value_between_two_objects_keeps_them_apart()
    {
        var high = HoconDocument.Parse("a { x = 1 }");
        var middle = HoconDocument.Parse("a = 42");
        var low = HoconDocument.Parse("a { y = 2 }");

        high.WithFallback(middle).WithFallback(low).Resolve().ToString().ShouldBe("""{"a":{"x":1}}""");
        high.WithFallback(low).WithFallback(middle).Resolve().ToString().ShouldBe("""{"a":{"y":2,"x":1}}""");
    }

    [Fact]
    public void A_single_value_can_be_laid_over_a_document()
    {
        var document = HoconDocument.Parse("a.b = 1, a.c = ${a.b}");
        var origin = new HoconOrigin("--set", 0, 0);
        var set = HoconDocument.Of(HoconPath.Parse("a.b"), new HoconString("x", origin));

        var root = set.WithFallback(document).Resolve();

        root.ToString().ShouldBe("""{"a":{"b":"x","c":"x"}}""");
        root.Find("a.b")!.Origin.ToString().ShouldBe("--set");
    }

    [Fact]
    public void A_document_is_not_changed_by_what_is_built_on_it()
    {
        var document = HoconDocument.Parse("a = 1");

        HoconDocument.Parse("a = 2").WithFallback(document).Resolve();

        document.Resolve().ToString().ShouldBe("""{"a":1}""");
        HoconDocument.Empty.WithFallback(document).Resolve().ShouldBe(document.Resolve());
        document.WithFallback(HoconDocument.Empty).Resolve().ShouldBe(document.Resolve());
    }

    [Fact]
    public void A_stream_is_read_to_its_end()
    {
        using var stream = new MemoryStream([0xef, 0xbb, 0xbf, .. "a = \"é\""u8]);

        HoconDocument.Parse(stream, "resource").Resolve()["a"].ShouldBe(new HoconString("é"));
    }
}
