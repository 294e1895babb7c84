"""PCL-5: symptoms of post-traumatic stress in the last month. Weathers and others 2013, public domain.

Written by staff of the United States' National Center for PTSD. A total of 31 to 33 is where a provisional
diagnosis begins, depending on the setting; 5 points are a reliable change, 10 a clinical one.
"""

from scheduler.features.ratings.instruments.shape import Band, Change, Instrument, Recall, Wording

ITEMS = (
    "Repeated, disturbing, and unwanted memories of the stressful experience?",
    "Repeated, disturbing dreams of the stressful experience?",
    (
        "Suddenly feeling or acting as if the stressful experience were actually happening again (as if "
        "you were actually back there reliving it)?"
    ),
    "Feeling very upset when something reminded you of the stressful experience?",
    (
        "Having strong physical reactions when something reminded you of the stressful experience (for "
        "example, heart pounding, trouble breathing, sweating)?"
    ),
    "Avoiding memories, thoughts, or feelings related to the stressful experience?",
    (
        "Avoiding external reminders of the stressful experience (for example, people, places, "
        "conversations, activities, objects, or situations)?"
    ),
    "Trouble remembering important parts of the stressful experience?",
    (
        "Having strong negative beliefs about yourself, other people, or the world (for example, having "
        "thoughts such as: I am bad, there is something seriously wrong with me, no one can be trusted, "
        "the world is completely dangerous)?"
    ),
    "Blaming yourself or someone else for the stressful experience or what happened after it?",
    "Having strong negative feelings such as fear, horror, anger, guilt, or shame?",
    "Loss of interest in activities that you used to enjoy?",
    "Feeling distant or cut off from other people?",
    (
        "Trouble experiencing positive feelings (for example, being unable to feel happiness or have "
        "loving feelings for people close to you)?"
    ),
    "Irritable behavior, angry outbursts, or acting aggressively?",
    "Taking too many risks or doing things that could cause you harm?",
    "Being “superalert” or watchful or on guard?",
    "Feeling jumpy or easily startled?",
    "Having difficulty concentrating?",
    "Trouble falling or staying asleep?",
)

PCL5 = Instrument(
    code="pcl5",
    version=1,
    recall=Recall.MONTH,
    least=0,
    most=4,
    wordings={
        "en": Wording(
            "PCL-5",
            "In the past month, how much were you bothered by:",
            ITEMS,
            ("Not at all", "A little bit", "Moderately", "Quite a bit", "Extremely"),
        )
    },
    licence="Public domain.",
    bands=(
        Band(0, 30, "below the provisional range"),
        Band(31, 33, "provisional range"),
        Band(34, 80, "above the provisional range"),
    ),
    meaningful=Change(10, "National Center for PTSD: clinical"),
    reliable=Change(5, "National Center for PTSD: reliable"),
)
