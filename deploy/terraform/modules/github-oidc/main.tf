data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
  region  = data.aws_region.current.region
  aws     = "arn:${data.aws_partition.current.partition}"

  issuer       = "token.actions.githubusercontent.com"
  provider_arn = var.create_provider ? aws_iam_openid_connect_provider.github[0].arn : "${local.aws}:iam::${local.account}:oidc-provider/${local.issuer}"

  images   = [for image in sort(var.images) : "${local.aws}:ecr:${local.region}:${local.account}:repository/${var.prefix}/${image}"]
  services = [for service in sort(var.services) : "${local.aws}:ecs:${local.region}:${local.account}:service/${var.prefix}/${var.prefix}-${service}"]
  # Each registration creates a revision, whose number is not known in advance.
  families = [for service in sort(var.services) : "${local.aws}:ecs:${local.region}:${local.account}:task-definition/${var.prefix}-${service}:*"]
  roles    = flatten([for service in sort(var.services) : [for role in ["execution", "task"] : "${local.aws}:iam::${local.account}:role/${var.prefix}-${service}-${role}"]])
}

resource "aws_iam_openid_connect_provider" "github" {
  count = var.create_provider ? 1 : 0

  url            = "https://${local.issuer}"
  client_id_list = ["sts.amazonaws.com"]
}

data "aws_iam_policy_document" "trust" {
  #checkov:skip=CKV_AWS_358:The check cannot resolve the repository. The variable's validation rejects wildcards.
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [local.provider_arn]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:aud"
      values   = ["sts.amazonaws.com"]
    }

    # StringEquals, not StringLike: no branch, pull request, fork or other environment has this subject.
    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:sub"
      values   = ["repo:${var.repository}:environment:${var.environment}"]
    }
  }
}

data "aws_iam_policy_document" "release" {
  #checkov:skip=CKV_AWS_111:Only RegisterTaskDefinition has no resource; see the comment in its statement.
  #checkov:skip=CKV_AWS_356:Only calls that do not support resources; see the comments in their statements.
  statement {
    sid     = "RegistryLogin"
    actions = ["ecr:GetAuthorizationToken"]
    # This action does not support resources: the token is valid for the whole registry. Its uses are limited below.
    resources = ["*"]
  }

  statement {
    sid = "PushAndLook"
    actions = [
      "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload", "ecr:DescribeImages",
      "ecr:GetDownloadUrlForLayer", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart",
    ]
    resources = local.images
  }

  statement {
    sid     = "NewRevision"
    actions = ["ecs:DescribeTaskDefinition", "ecs:RegisterTaskDefinition"]
    # Neither call supports resources. The roles that may be passed to a revision limit what the revision may do. The statement
    # after the next limits which services may run it.
    resources = ["*"]
  }

  statement {
    sid       = "TagNewRevision"
    actions   = ["ecs:TagResource"]
    resources = local.families # any revision: see the locals

    condition {
      test     = "StringEquals"
      variable = "ecs:CreateAction"
      values   = ["RegisterTaskDefinition"]
    }
  }

  statement {
    sid       = "Deploy"
    actions   = ["ecs:DescribeServices", "ecs:UpdateService"]
    resources = local.services
  }

  statement {
    sid       = "WithTheServicesRoles"
    actions   = ["iam:PassRole"]
    resources = local.roles

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "release" {
  name                 = "${var.prefix}-release"
  description          = "Releases from ${var.repository}, environment ${var.environment}"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  max_session_duration = 7200
}

resource "aws_iam_role_policy" "release" {
  name   = "release"
  role   = aws_iam_role.release.name
  policy = data.aws_iam_policy_document.release.json
}
