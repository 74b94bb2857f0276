locals {
  topics_arn = replace(var.kafka.cluster_arn, ":cluster/", ":topic/")
}

data "aws_iam_policy_document" "task" {
  statement {
    sid       = "Cluster"
    actions   = ["kafka-cluster:Connect"]
    resources = [var.kafka.cluster_arn]
  }

  statement {
    sid       = "CreateTopics"
    actions   = ["kafka-cluster:AlterTopic", "kafka-cluster:CreateTopic", "kafka-cluster:DescribeTopic"]
    resources = ["${local.topics_arn}/${var.topic}", "${local.topics_arn}/${local.dead_letter_topic}"]
  }
}
