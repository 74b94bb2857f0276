#!/bin/sh
# Runs one Fargate task, waits until it has ended, and fails if its container failed. Needs the AWS CLI and the caller's
# own credentials.
set -eu

network="awsvpcConfiguration={subnets=[$SUBNETS],securityGroups=[$SECURITY_GROUPS],assignPublicIp=DISABLED}"
task=$(aws ecs run-task --region "$AWS_REGION" --cluster "$CLUSTER" --task-definition "$TASK_DEFINITION" \
  --capacity-provider-strategy capacityProvider=FARGATE,weight=1 --network-configuration "$network" \
  --query 'tasks[0].taskArn' --output text)
# When ECS cannot start the task, its answer contains no task.
case $task in arn:*) ;; *)
  echo "ECS started no task of $TASK_DEFINITION" >&2
  exit 1
  ;;
esac

aws ecs wait tasks-stopped --region "$AWS_REGION" --cluster "$CLUSTER" --tasks "$task"
code=$(aws ecs describe-tasks --region "$AWS_REGION" --cluster "$CLUSTER" --tasks "$task" \
  --query 'tasks[0].containers[0].exitCode' --output text)
if [ "$code" != 0 ]; then
  reason=$(aws ecs describe-tasks --region "$AWS_REGION" --cluster "$CLUSTER" --tasks "$task" \
    --query 'tasks[0].stoppedReason' --output text)
  echo "$task ended with $code ($reason); its log is in $LOG_GROUP" >&2
  exit 1
fi
