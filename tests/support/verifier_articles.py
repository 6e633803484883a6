"""Articles that every edit of ``rag.evaluation.verifier`` fits: the shipped one and two made-up ones."""

from rag.schema import Article
from rag.system.paths import shipped_corpus

SHIPPED_FILE = shipped_corpus() / "articles" / "anthropic-partners-with-xai-for-compute-power.md"
SHIPPED = Article(id="shipped", title="t", text=SHIPPED_FILE.read_text("utf-8").split("---", 2)[2])
HARBOURS = Article(
    id="harbours",
    title="Harbours",
    text=(
        "The port of Aldmouth was rebuilt in 1871 at a cost of 14,000 crowns. Margit Olsen was its first keeper, and "
        "she counted twelve ships in May. The council has also raised the toll to 3 percent. The northern wall was "
        "not finished before the storm. A ferry may return to Brennick before the end of the decade.\n\nAldmouth is "
        "older than Brennick. The brewers of Tarn have sold 300 barrels to Aldmouth for 90 crowns, according to the "
        "Tarn Gazette. The company began to build a larger mill near the river in the spring of 1902."
    ),
)
TOWN = Article(
    id="town",
    title="The town of Tarn",
    text=(
        "Critics said the new bridge will bankrupt the town of Tarn. The council plans to open a second market "
        "beside the old harbour. If the vote passes, the town will sell the old mill to the brewers. The landlord"
        " repaired the roof and the tenant repaired the locks.\n\nThe doctors of Tarn earn more than the nurses "
        "of the hospital. Captain Wells defeated the army of Brennick in a battle on the moor. Clara Wells, a "
        "clerk at the mill, became the first mayor of the town. The town hall on the northern square was built in"
        " 1871."
    ),
)
ARTICLES = (SHIPPED, HARBOURS, TOWN)
