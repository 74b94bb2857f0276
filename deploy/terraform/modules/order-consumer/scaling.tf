# Scales on EstimatedMaxTimeLag: MSK's estimate of the seconds that the group needs for its unread records. CPU would be the
# wrong signal, because a consumer that waits for a sink is idle and behind. The metric is absent while the group is unstable
# or has never committed. Absent is not zero: neither alarm reacts to missing data.

locals {
  # Records wait in memory for so long before their file is stored, whatever the number of tasks.
  hold_seconds    = var.sinks.s3 == null ? 0 : ceil(var.sinks.s3.flush_ms / 1000)
  behind_seconds  = var.max_lag_seconds + local.hold_seconds
  far_seconds     = 2 * var.max_lag_seconds + local.hold_seconds
  caught_up_below = var.max_lag_seconds / 10 + local.hold_seconds

  lag_dimensions = {
    for topic in var.topics : topic => {
      "Cluster Name"   = split("/", var.kafka.cluster_arn)[1]
      "Consumer Group" = local.group_id
      "Topic"          = topic
    }
  }
}

resource "aws_appautoscaling_policy" "out" {
  name               = "${var.name}-out"
  policy_type        = "StepScaling"
  service_namespace  = module.service.scaling.service_namespace
  scalable_dimension = module.service.scaling.scalable_dimension
  resource_id        = module.service.scaling.resource_id

  step_scaling_policy_configuration {
    adjustment_type         = "ChangeInCapacity"
    metric_aggregation_type = "Maximum"
    # Each step causes a rebalance. The next step waits until this one can have had an effect.
    cooldown = 120

    step_adjustment {
      metric_interval_lower_bound = 0
      metric_interval_upper_bound = 4 * var.max_lag_seconds
      scaling_adjustment          = 1
    }

    step_adjustment {
      metric_interval_lower_bound = 4 * var.max_lag_seconds
      scaling_adjustment          = 2
    }
  }
}

resource "aws_appautoscaling_policy" "in" {
  name               = "${var.name}-in"
  policy_type        = "StepScaling"
  service_namespace  = module.service.scaling.service_namespace
  scalable_dimension = module.service.scaling.scalable_dimension
  resource_id        = module.service.scaling.resource_id

  step_scaling_policy_configuration {
    adjustment_type         = "ChangeInCapacity"
    metric_aggregation_type = "Maximum"
    cooldown                = 600

    step_adjustment {
      metric_interval_upper_bound = 0
      scaling_adjustment          = -1
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "behind" {
  for_each = local.lag_dimensions

  alarm_name          = "${var.name}-${each.key}-behind"
  alarm_description   = "The group needs longer than ${local.behind_seconds} s to catch up: too few tasks, or a sink, the registry or the brokers are slow. /readyz of the tasks says which."
  namespace           = "AWS/Kafka"
  metric_name         = "EstimatedMaxTimeLag"
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 2
  threshold           = local.behind_seconds
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "ignore"
  dimensions          = each.value
  alarm_actions       = [aws_appautoscaling_policy.out.arn]
}

# Rolls back a deployment. It is separate from the alarm above, because that alarm's action depends on the service and the
# service depends on this alarm. It is slower, because a deployment rebalances the group, which may take a minute.
resource "aws_cloudwatch_metric_alarm" "left_behind" {
  for_each = local.lag_dimensions

  alarm_name          = "${var.name}-${each.key}-left-behind"
  alarm_description   = "For three minutes the group has needed longer than ${local.far_seconds} s to catch up. During a deployment, the new revision does not read, or reads too slowly."
  namespace           = "AWS/Kafka"
  metric_name         = "EstimatedMaxTimeLag"
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 3
  threshold           = local.far_seconds
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "ignore"
  dimensions          = each.value
}

# All topics together: a topic without lag must not remove tasks from a topic with lag.
resource "aws_cloudwatch_metric_alarm" "caught_up" {
  alarm_name          = "${var.name}-caught-up"
  alarm_description   = "For a quarter of an hour the group has needed less than ${local.caught_up_below} s to catch up: one task fewer is enough."
  evaluation_periods  = 15
  threshold           = local.caught_up_below
  comparison_operator = "LessThanThreshold"
  treat_missing_data  = "ignore"
  alarm_actions       = [aws_appautoscaling_policy.in.arn]

  metric_query {
    id          = "longest"
    label       = "Time to catch up, s"
    expression  = "MAX(METRICS())"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = local.lag_dimensions

    content {
      id = "topic${index(var.topics, metric_query.key)}"

      metric {
        namespace   = "AWS/Kafka"
        metric_name = "EstimatedMaxTimeLag"
        stat        = "Maximum"
        period      = 60
        dimensions  = metric_query.value
      }
    }
  }
}
