# Off by default. tools/release/push-dashboards.ts pushes the dashboards, to this or any other Grafana.

data "aws_iam_policy_document" "grafana_trust" {
  count = var.grafana ? 1 : 0

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["grafana.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

data "aws_iam_policy_document" "query" {
  count = var.grafana ? 1 : 0

  statement {
    sid       = "Query"
    actions   = ["aps:GetLabels", "aps:GetMetricMetadata", "aps:GetSeries", "aps:QueryMetrics"]
    resources = [aws_prometheus_workspace.this[0].arn]
  }
}

resource "aws_iam_role" "grafana" {
  count = var.grafana ? 1 : 0

  name               = "${var.prefix}-grafana"
  description        = "Lets Grafana query the workspace"
  assume_role_policy = data.aws_iam_policy_document.grafana_trust[0].json
}

resource "aws_iam_role_policy" "grafana" {
  count = var.grafana ? 1 : 0

  name   = "query"
  role   = aws_iam_role.grafana[0].name
  policy = data.aws_iam_policy_document.query[0].json
}

resource "aws_grafana_workspace" "this" {
  count = var.grafana ? 1 : 0

  name                     = var.prefix
  description              = "Dashboards of the order stream"
  account_access_type      = "CURRENT_ACCOUNT"
  authentication_providers = ["AWS_SSO"]
  permission_type          = "CUSTOMER_MANAGED"
  role_arn                 = aws_iam_role.grafana[0].arn
  data_sources             = ["PROMETHEUS"]
}
